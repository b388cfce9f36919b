import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import org.opensearch.ExceptionsHelper;
import org.opensearch.OpenSearchException;
import org.opensearch.Version;
import org.opensearch.common.io.stream.BytesStreamOutput;
import org.opensearch.common.settings.Settings;
import org.opensearch.common.xcontent.XContentFactory;
import org.opensearch.common.xcontent.XContentType;
import org.opensearch.core.common.bytes.BytesReference;
import org.opensearch.core.common.io.stream.NamedWriteableAwareStreamInput;
import org.opensearch.core.common.io.stream.NamedWriteableRegistry;
import org.opensearch.core.common.io.stream.StreamInput;
import org.opensearch.core.xcontent.DeprecationHandler;
import org.opensearch.core.xcontent.NamedXContentRegistry;
import org.opensearch.core.xcontent.ToXContent;
import org.opensearch.core.xcontent.XContentBuilder;
import org.opensearch.core.xcontent.XContentParser;
import org.opensearch.index.query.AbstractQueryBuilder;
import org.opensearch.index.query.QueryBuilder;
import org.opensearch.search.SearchModule;

/**
 * Queries of a release, parsed, written and read by its own classes. A line in, a line of JSON out:
 *
 * <pre>
 * parse VERSION BASE64   {"hex":"…","json":"…"} a query in its REST form; or {"type":"…","status":400,"reason":"…"} where it is refused
 * read VERSION HEX       {"rest":n,"hex":"…","json":"…"} reads, writes again, and shows the REST form
 * </pre>
 *
 * VERSION is the id of a stream version. Whatever else goes wrong is {"error":"…"}. It ends with its input.
 */
public final class Queries {
    private static final SearchModule MODULE = new SearchModule(Settings.EMPTY, List.of());
    private static final NamedWriteableRegistry WRITEABLES = new NamedWriteableRegistry(MODULE.getNamedWriteables());
    private static final NamedXContentRegistry FORMS = new NamedXContentRegistry(MODULE.getNamedXContents());

    public static void main(String[] args) throws Exception {
        PrintStream out = new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            out.println(answer(line.split(" ", 3)));
        }
    }

    private static String answer(String[] words) {
        try {
            Version version = Version.fromId(Integer.parseInt(words[1]));
            return switch (words[0]) {
                case "parse" -> parse(version, Base64.getDecoder().decode(words[2]));
                case "read" -> read(version, HexFormat.of().parseHex(words[2]));
                default -> object("error", "unknown command " + words[0]);
            };
        } catch (Throwable error) {
            return object("error", error.toString());
        }
    }

    private static String parse(Version version, byte[] text) throws Exception {
        QueryBuilder query;
        try (XContentParser parser = XContentType.JSON.xContent().createParser(FORMS, DeprecationHandler.IGNORE_DEPRECATIONS, text)) {
            query = AbstractQueryBuilder.parseInnerQueryBuilder(parser);
        } catch (Exception error) {
            return object(
                "type",
                OpenSearchException.getExceptionName(error),
                "status",
                ExceptionsHelper.status(error).getStatus(),
                "reason",
                error.getMessage()
            );
        }
        return object("hex", written(version, query), "json", shown(query));
    }

    private static String read(Version version, byte[] bytes) throws Exception {
        try (StreamInput input = new NamedWriteableAwareStreamInput(StreamInput.wrap(bytes), WRITEABLES)) {
            input.setVersion(version);
            QueryBuilder query = input.readNamedWriteable(QueryBuilder.class);
            return object("rest", input.available(), "hex", written(version, query), "json", shown(query));
        }
    }

    private static String written(Version version, QueryBuilder query) throws Exception {
        try (BytesStreamOutput output = new BytesStreamOutput()) {
            output.setVersion(version);
            output.writeNamedWriteable(query);
            return HexFormat.of().formatHex(BytesReference.toBytes(output.bytes()));
        }
    }

    private static String shown(QueryBuilder query) throws Exception {
        try (XContentBuilder json = XContentFactory.jsonBuilder()) {
            query.toXContent(json, ToXContent.EMPTY_PARAMS);
            return new String(BytesReference.toBytes(BytesReference.bytes(json)), StandardCharsets.UTF_8);
        }
    }

    private static String object(Object... members) {
        try (XContentBuilder json = XContentFactory.jsonBuilder()) {
            json.startObject();
            for (int i = 0; i < members.length; i += 2) {
                json.field((String) members[i], members[i + 1]);
            }
            return new String(BytesReference.toBytes(BytesReference.bytes(json.endObject())), StandardCharsets.UTF_8);
        } catch (Exception error) {
            return "{\"error\":\"no answer\"}";
        }
    }
}
