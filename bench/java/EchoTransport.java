import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.opensearch.Version;
import org.opensearch.cluster.node.DiscoveryNode;
import org.opensearch.common.network.NetworkService;
import org.opensearch.common.settings.ClusterSettings;
import org.opensearch.common.settings.Settings;
import org.opensearch.common.util.PageCacheRecycler;
import org.opensearch.core.common.bytes.BytesArray;
import org.opensearch.core.common.io.stream.NamedWriteableRegistry;
import org.opensearch.core.common.io.stream.StreamInput;
import org.opensearch.core.common.io.stream.StreamOutput;
import org.opensearch.core.common.transport.TransportAddress;
import org.opensearch.core.indices.breaker.NoneCircuitBreakerService;
import org.opensearch.core.rest.RestStatus;
import org.opensearch.core.transport.TransportResponse;
import org.opensearch.extensions.rest.ExtensionRestRequest;
import org.opensearch.extensions.rest.RestExecuteOnExtensionResponse;
import org.opensearch.http.HttpRequest;
import org.opensearch.rest.RestRequest;
import org.opensearch.telemetry.tracing.noop.NoopTracer;
import org.opensearch.threadpool.ThreadPool;
import org.opensearch.transport.ConnectionProfile;
import org.opensearch.transport.SharedGroupFactory;
import org.opensearch.transport.Transport;
import org.opensearch.transport.TransportException;
import org.opensearch.transport.TransportRequest;
import org.opensearch.transport.TransportRequestOptions;
import org.opensearch.transport.TransportResponseHandler;
import org.opensearch.transport.TransportService;
import org.opensearch.transport.netty4.Netty4Transport;

/**
 * OpenSearch's own transport as a contender: a server that echoes, or a client that keeps calls in flight. {@code load} echoes bodies;
 * {@code execute} sends what a node sends to an extension for a REST request.
 * Arguments: {@code serve}, or {@code load|execute <port> <connections> <inFlight> <bodyBytes>}.
 * It prints {@code port <n>} or {@code connected}, then reads commands: start, begin, end (prints figures as JSON), stop (prints {@code stopped} once all calls
 * are answered). It ends with its input.
 */
public class EchoTransport {
  static final String ACTION = "indices:data/write/index-of-notes[shard]";
  static final String EXECUTE = "internal:extensions/restexecuteonextensiontaction";

  public static void main(String[] args) throws Exception {
    boolean serves = args[0].equals("serve");
    TransportService service = start(serves ? "server" : "client");
    Work work = args[0].equals("execute") ? new Greetings() : serves ? null : new Echoes(Integer.parseInt(args[4]));
    Load load = serves ? null : new Load(service, work, args);
    if (serves) {
      service.registerRequestHandler(ACTION, ThreadPool.Names.SAME, Echo::new, (request, channel, task) -> channel.sendResponse(new Answer(request.body)));
      System.out.println("port " + service.boundAddress().publishAddress().getPort());
    } else {
      System.out.println("connected");
    }
    BufferedReader commands = new BufferedReader(new InputStreamReader(System.in));
    for (String line = commands.readLine(); line != null; line = commands.readLine()) {
      switch (line) {
        case "start": load.start(); break;
        case "begin": load.begin(); break;
        case "end": System.out.println(load.end()); break;
        case "stop": load.stop(); System.out.println("stopped"); break;
        default: throw new IllegalArgumentException(line);
      }
    }
    Runtime.getRuntime().halt(0);
  }

  static TransportService start(String name) {
    Settings settings = Settings.builder()
      .put("node.name", name).put("cluster.name", "bench").put("transport.host", "127.0.0.1").put("transport.port", "0").build();
    ThreadPool threadPool = new ThreadPool(settings);
    Transport transport = new Netty4Transport(settings, Version.CURRENT, threadPool, new NetworkService(List.of()), new PageCacheRecycler(settings),
      new NamedWriteableRegistry(List.of()), new NoneCircuitBreakerService(), new SharedGroupFactory(settings), NoopTracer.INSTANCE);
    TransportService service = new TransportService(settings, transport, threadPool, TransportService.NOOP_TRANSPORT_INTERCEPTOR,
      bound -> node(name, bound.publishAddress()), new ClusterSettings(settings, ClusterSettings.BUILT_IN_CLUSTER_SETTINGS), Set.of(), NoopTracer.INSTANCE);
    service.start();
    service.acceptIncomingRequests();
    return service;
  }

  static DiscoveryNode node(String name, TransportAddress address) {
    return new DiscoveryNode(name, address, Map.of(), Set.of(), Version.CURRENT);
  }

  static class Echo extends TransportRequest {
    final byte[] body;

    Echo(byte[] body) {
      this.body = body;
    }

    Echo(StreamInput in) throws IOException {
      super(in);
      body = in.readByteArray();
    }

    @Override
    public void writeTo(StreamOutput out) throws IOException {
      super.writeTo(out);
      out.writeByteArray(body);
    }
  }

  static class Answer extends TransportResponse {
    final byte[] body;

    Answer(byte[] body) {
      this.body = body;
    }

    Answer(StreamInput in) throws IOException {
      body = in.readByteArray();
    }

    @Override
    public void writeTo(StreamOutput out) throws IOException {
      out.writeByteArray(body);
    }
  }

  /** What a client sends, and how it reads and checks the answers. */
  interface Work {
    String action();

    TransportRequest request();

    TransportResponse read(StreamInput in) throws IOException;

    /** @param compare looks at every byte, too */
    boolean isRight(TransportResponse answer, boolean compare);
  }

  static class Echoes implements Work {
    final byte[] body;

    Echoes(int bodyBytes) {
      body = new byte[bodyBytes];
      for (int i = 0; i < body.length; i++) {
        body[i] = (byte) ('a' + i % 23);
      }
    }

    @Override
    public String action() {
      return ACTION;
    }

    @Override
    public TransportRequest request() {
      return new Echo(body);
    }

    @Override
    public TransportResponse read(StreamInput in) throws IOException {
      return new Answer(in);
    }

    @Override
    public boolean isRight(TransportResponse answer, boolean compare) {
      byte[] echo = ((Answer) answer).body;
      return echo.length == body.length && (!compare || Arrays.equals(echo, body));
    }
  }

  static class Greetings implements Work {
    static final byte[] GREETING = "{\"greeting\":\"Hello, Ada\"}".getBytes(StandardCharsets.UTF_8);
    static final Map<String, List<String>> HEADERS =
      Map.of("Host", List.of("127.0.0.1:9200"), "User-Agent", List.of("bench"), "Accept", List.of("*/*"));

    @Override
    public String action() {
      return EXECUTE;
    }

    @Override
    public TransportRequest request() {
      String path = "/hello/Ada";
      return new ExtensionRestRequest(RestRequest.Method.GET, "/_extensions/_hello" + path, path, Map.of(), HEADERS, null, BytesArray.EMPTY, "", HttpRequest.HttpVersion.HTTP_1_1);
    }

    @Override
    public TransportResponse read(StreamInput in) throws IOException {
      return new RestExecuteOnExtensionResponse(in);
    }

    @Override
    public boolean isRight(TransportResponse answer, boolean compare) {
      RestExecuteOnExtensionResponse rest = (RestExecuteOnExtensionResponse) answer;
      return rest.getStatus() == RestStatus.OK && rest.getContent().length == GREETING.length && (!compare || Arrays.equals(rest.getContent(), GREETING));
    }
  }

  /** Keeps calls in flight and counts; one call in eight is timed, 32 buckets an octave of microseconds. */
  static class Load {
    static final int BUCKETS_PER_OCTAVE = 32;
    static final int OCTAVES = 31;
    final TransportService service;
    final Transport.Connection connection;
    final int inFlight;
    final Work work;
    final long[] buckets = new long[OCTAVES * BUCKETS_PER_OCTAVE];
    volatile boolean running;
    int waiting;
    long sent;
    long requests;
    double maxMicros;
    long begun;

    Load(TransportService service, Work work, String[] args) throws Exception {
      this.service = service;
      this.work = work;
      TransportAddress address = new TransportAddress(InetAddress.getByName("127.0.0.1"), Integer.parseInt(args[1]));
      ConnectionProfile profile = new ConnectionProfile.Builder().addConnections(Integer.parseInt(args[2]), TransportRequestOptions.Type.values()).build();
      connection = service.openConnection(node("server", address), profile);
      inFlight = Integer.parseInt(args[3]);
    }

    void start() {
      synchronized (this) {
        running = true;
        waiting = inFlight;
      }
      for (int i = 0; i < inFlight; i++) {
        send();
      }
    }

    synchronized void stop() throws InterruptedException {
      running = false;
      while (waiting > 0) {
        wait();
      }
    }

    synchronized void ended() {
      waiting--;
      notifyAll();
    }

    synchronized void begin() {
      Arrays.fill(buckets, 0);
      requests = 0;
      maxMicros = 0;
      begun = System.nanoTime();
    }

    synchronized String end() {
      double seconds = (System.nanoTime() - begun) / 1e9;
      return String.format(Locale.ROOT, "{\"requests\":%d,\"seconds\":%f,\"latency\":{\"p50\":%f,\"p90\":%f,\"p99\":%f,\"max\":%f,\"count\":%d}}",
        requests, seconds, at(.5), at(.9), at(.99), maxMicros, Arrays.stream(buckets).sum());
    }

    void send() {
      service.sendRequest(connection, work.action(), work.request(), TransportRequestOptions.EMPTY, new TransportResponseHandler<TransportResponse>() {
        final long sentAt = System.nanoTime();

        @Override
        public TransportResponse read(StreamInput in) throws IOException {
          return work.read(in);
        }

        @Override
        public void handleResponse(TransportResponse answer) {
          answered(answer, (System.nanoTime() - sentAt) / 1e3);
          if (running) {
            send();
          } else {
            ended();
          }
        }

        @Override
        public void handleException(TransportException exception) {
          exception.printStackTrace();
          Runtime.getRuntime().halt(1);
        }

        @Override
        public String executor() {
          return ThreadPool.Names.SAME;
        }
      });
    }

    synchronized void answered(TransportResponse answer, double micros) {
      if (!work.isRight(answer, (requests & 1023) == 0)) {
        System.err.println("wrong answer");
        Runtime.getRuntime().halt(1);
      }
      requests++;
      if ((sent++ & 7) != 0) {
        return;
      }
      int at = (int) ((Math.log(micros) / Math.log(2) + 4) * BUCKETS_PER_OCTAVE);
      buckets[Math.max(0, Math.min(buckets.length - 1, at))]++;
      maxMicros = Math.max(maxMicros, micros);
    }

    double at(double share) {
      double rank = share * Arrays.stream(buckets).sum();
      long seen = 0;
      for (int i = 0; i < buckets.length; i++) {
        seen += buckets[i];
        if (seen > 0 && seen >= rank) {
          return Math.min(maxMicros, Math.pow(2, (i + .5) / BUCKETS_PER_OCTAVE - 4));
        }
      }
      return 0;
    }
  }
}
