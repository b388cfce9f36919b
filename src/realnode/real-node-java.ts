/**
 * The Java side: one source file for every release, run by `java RealNode.java HOME`. HOME holds `config/opensearch.yml` and gets the
 * data. Two things differ between releases, both asked of the classes themselves: what the protected constructor of Node takes (plug-in
 * classes in 2.x, PluginInfo in 3.x) and the name of the Netty plug-in. `var` keeps types whose package moved between releases unnamed.
 * Java 11 is the lowest that must compile it. A string, because text assets do not travel with compiled TypeScript.
 *
 * It prints one JSON line with what it bound, and ends when its standard input does: no node outlives the process that wanted it.
 *
 * @see realnode.md
 */
export const REAL_NODE_JAVA = `
import java.io.IOException;
import java.lang.reflect.Constructor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.opensearch.Version;
import org.opensearch.common.settings.Settings;
import org.opensearch.env.Environment;
import org.opensearch.http.HttpServerTransport;
import org.opensearch.node.InternalSettingsPreparer;
import org.opensearch.node.Node;
import org.opensearch.plugins.PluginInfo;
import org.opensearch.transport.TransportService;

public final class RealNode {
    private static final long CLOSE_DEADLINE_MS = 8_000;
    private static final List<String> NETTY = List.of("org.opensearch.transport.Netty4ModulePlugin", "org.opensearch.transport.Netty4Plugin");

    private static volatile Node node;

    public static void main(String[] args) {
        Path home = Path.of(args[0]);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> end(home), "end"));
        // Every thread of a node is a daemon: this one keeps the machine running.
        new Thread(RealNode::exitAtEndOfInput, "stdin").start();
        try {
            node = create(home);
            node.start();
            System.out.println(bound(node));
        } catch (Throwable failure) {
            failure.printStackTrace();
            System.exit(1);
        }
    }

    private static Node create(Path home) throws Exception {
        Settings settings = Settings.builder().put("path.home", home.toString()).build();
        Environment environment = InternalSettingsPreparer.prepareEnvironment(settings, Map.of(), null, () -> "real-node");
        Constructor<Node> constructor = Node.class.getDeclaredConstructor(Environment.class, Collection.class, boolean.class);
        constructor.setAccessible(true);
        boolean wantsInfo = constructor.getGenericParameterTypes()[1].getTypeName().contains(PluginInfo.class.getName());
        Class<?> netty = nettyPlugin();
        Object plugin = wantsInfo
            ? new PluginInfo(netty.getName(), "Netty transport", "NA", Version.CURRENT, "21", netty.getName(), null, List.of(), false)
            : netty;
        return constructor.newInstance(environment, List.of(plugin), true);
    }

    private static Class<?> nettyPlugin() throws ClassNotFoundException {
        ClassNotFoundException missing = null;
        for (String name : NETTY) {
            try {
                return Class.forName(name);
            } catch (ClassNotFoundException failure) {
                missing = failure;
            }
        }
        throw missing;
    }

    private static String bound(Node node) {
        var http = node.injector().getInstance(HttpServerTransport.class).boundAddress().publishAddress();
        var transport = node.injector().getInstance(TransportService.class).boundAddress().publishAddress();
        return String.format(
            "{\\"http\\":{\\"host\\":\\"%s\\",\\"port\\":%d},\\"transport\\":{\\"host\\":\\"%s\\",\\"port\\":%d}}",
            http.getAddress(), http.getPort(), transport.getAddress(), transport.getPort());
    }

    private static void exitAtEndOfInput() {
        try {
            while (System.in.read() >= 0) {
            }
        } catch (IOException closed) {
            // The same as its end.
        }
        System.exit(0);
    }

    /** Closes the node and removes its folder, then ends for good: a node that hangs while closing must not stay. */
    private static void end(Path home) {
        Thread closing = daemon("close", RealNode::closeNode);
        try {
            closing.join(CLOSE_DEADLINE_MS);
        } catch (InterruptedException hurry) {
            Thread.currentThread().interrupt();
        }
        // A node that was still starting may write while its folder goes.
        for (int tries = 0; tries < 5 && Files.exists(home); tries++) delete(home);
    }

    private static void closeNode() {
        try {
            if (node != null) node.close();
        } catch (IOException failure) {
            failure.printStackTrace();
        }
    }

    private static void delete(Path home) {
        try (var paths = Files.walk(home)) {
            for (Path path : (Iterable<Path>) paths.sorted(Comparator.reverseOrder())::iterator) Files.deleteIfExists(path);
        } catch (Exception failure) {
            // The process that started us removes what is left.
        }
    }

    private static Thread daemon(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }
}
`;
