import java.io.BufferedReader;
import java.io.EOFException;
import java.io.FileDescriptor;
import java.io.FileNotFoundException;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.lang.reflect.Array;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.lang.reflect.WildcardType;
import java.math.BigInteger;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.NoSuchFileException;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.*;
import java.util.concurrent.TimeUnit;
import org.apache.lucene.index.CorruptIndexException;
import org.apache.lucene.index.IndexFormatTooNewException;
import org.apache.lucene.index.IndexFormatTooOldException;
import org.apache.lucene.store.AlreadyClosedException;
import org.apache.lucene.store.LockObtainFailedException;
import org.apache.lucene.util.BytesRef;
import org.opensearch.Build;
import org.opensearch.OpenSearchException;
import org.opensearch.OpenSearchServerException;
import org.opensearch.Version;
import org.opensearch.action.DocWriteRequest;
import org.opensearch.action.DocWriteResponse;
import org.opensearch.action.search.ShardSearchFailure;
import org.opensearch.action.support.ActiveShardCount;
import org.opensearch.action.support.IndicesOptions;
import org.opensearch.cluster.ClusterName;
import org.opensearch.cluster.node.DiscoveryNode;
import org.opensearch.cluster.node.DiscoveryNodeRole;
import org.opensearch.cluster.routing.IllegalShardRoutingStateException;
import org.opensearch.common.geo.GeoPoint;
import org.opensearch.common.io.stream.BytesStreamOutput;
import org.opensearch.common.io.stream.Streamables;
import org.opensearch.common.settings.Setting;
import org.opensearch.common.settings.Settings;
import org.opensearch.common.settings.WriteableSetting;
import org.opensearch.common.unit.TimeValue;
import org.opensearch.common.xcontent.XContentType;
import org.opensearch.core.common.bytes.BytesArray;
import org.opensearch.core.common.bytes.BytesReference;
import org.opensearch.core.common.io.stream.StreamInput;
import org.opensearch.core.common.io.stream.StreamOutput;
import org.opensearch.core.common.io.stream.Writeable;
import org.opensearch.core.common.text.Text;
import org.opensearch.core.common.transport.TransportAddress;
import org.opensearch.core.common.unit.ByteSizeUnit;
import org.opensearch.core.common.unit.ByteSizeValue;
import org.opensearch.core.concurrency.OpenSearchRejectedExecutionException;
import org.opensearch.core.index.Index;
import org.opensearch.core.index.shard.ShardId;
import org.opensearch.core.tasks.TaskId;
import org.opensearch.core.xcontent.MediaType;
import org.opensearch.search.SearchShardTarget;
import org.opensearch.semver.SemverRange;

/**
 * Random values of the classes of a release, written and read by these classes. A line in, a line of JSON out:
 *
 * <pre>
 * versions                   {"versions":[id, …]} the stream versions it can write
 * write TYPE VERSION SEED    {"hex":"…","value":…} a value; `value` in the forms of codec-port.md, null where there is none
 * read TYPE VERSION HEX      {"rest":n,"hex":"…"} reads, and writes again
 * </pre>
 *
 * Messages are filled by reflection: whatever the class writes and reads back counts as a value of it. Whatever goes wrong is
 * {"error":"…"}. It ends with its input. Java 17 is the lowest that compiles it; it wants java.base/java.lang opened.
 */
public final class RandomValues {
    private interface Maker {
        Object make() throws Exception;
    }

    private interface Writer {
        void write(StreamOutput output, Object value) throws Exception;
    }

    private interface Reader {
        Object read(StreamInput input) throws Exception;
    }

    private record ValueType(Maker maker, Writer writer, Reader reader, Form form) {
    }

    private interface Form {
        void print(StringBuilder json, Object written, Object read) throws Exception;
    }

    private static final int MOST_TRIES = 200;
    private static final int MOST_DEPTH = 5;
    private static final boolean LINE_3 = Version.CURRENT.major >= 3;
    private static final Form NO_FORM = (json, written, read) -> json.append("null");
    private static final Form PLAIN = (json, written, read) -> form(json, read);
    private static final Form GENERIC = (json, written, read) -> genericForm(json, written);

    private static final Map<String, ValueType> TYPES = new HashMap<>();
    private static final Map<Class<?>, Maker> MAKERS = new HashMap<>();
    private static final List<Version> VERSIONS = new ArrayList<>();
    private static final List<Class<?>> EXCEPTIONS = new ArrayList<>();
    private static Random random = new Random();
    /** Goes through all registered exceptions, so that none is left to luck. */
    private static int nextException;

    public static void main(String[] args) throws Exception {
        PrintStream out = new PrintStream(new FileOutputStream(FileDescriptor.out), false, StandardCharsets.UTF_8);
        System.setOut(System.err);
        setUp();
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            out.println(answer(line.split(" ", -1)));
            out.flush();
        }
        System.exit(0);
    }

    private static String answer(String[] words) {
        StringBuilder json = new StringBuilder("{");
        try {
            switch (words[0]) {
                case "versions" -> {
                    json.append("\"versions\":");
                    form(json, VERSIONS.stream().map(version -> version.id).toList());
                }
                case "write" -> write(json, words[1], version(words[2]), Long.parseLong(words[3]));
                case "read" -> read(json, words[1], version(words[2]), HexFormat.of().parseHex(words[3]));
                default -> throw new IllegalArgumentException(words[0]);
            }
        } catch (Throwable failure) {
            json.setLength(1);
            json.append("\"error\":");
            text(json, failure + " at " + Arrays.toString(Arrays.copyOf(failure.getStackTrace(), 4)));
        }
        return json.append('}').toString();
    }

    private static Version version(String id) {
        return Version.fromId(Integer.parseInt(id));
    }

    private static void write(StringBuilder json, String name, Version version, long seed) throws Exception {
        ValueType type = Objects.requireNonNull(TYPES.get(name), name);
        random = new Random(31 * seed + name.hashCode());
        Throwable last = null;
        for (int tries = 0; tries < MOST_TRIES; tries++) {
            try {
                Object value = type.maker.make();
                byte[] bytes = bytesOf(type, value, version);
                StreamInput input = input(bytes, version);
                Object again = type.reader.read(input);
                if (input.available() > 0 || bytesOf(type, again, version).length != bytes.length) continue;
                json.append("\"hex\":\"").append(HexFormat.of().formatHex(bytes)).append("\",\"value\":");
                type.form.print(json, value, again);
                return;
            } catch (Exception | AssertionError notAValue) {
                last = notAValue;
            }
        }
        throw new IllegalStateException("nothing that " + name + " reads back", last);
    }

    private static void read(StringBuilder json, String name, Version version, byte[] bytes) throws Exception {
        ValueType type = Objects.requireNonNull(TYPES.get(name), name);
        StreamInput input = input(bytes, version);
        Object value = type.reader.read(input);
        json.append("\"rest\":").append(input.available());
        json.append(",\"hex\":\"").append(HexFormat.of().formatHex(bytesOf(type, value, version))).append('"');
    }

    private static byte[] bytesOf(ValueType type, Object value, Version version) throws Exception {
        BytesStreamOutput output = new BytesStreamOutput();
        output.setVersion(version);
        type.writer.write(output, value);
        return BytesReference.toBytes(output.bytes());
    }

    private static StreamInput input(byte[] bytes, Version version) {
        StreamInput input = StreamInput.wrap(bytes);
        input.setVersion(version);
        return input;
    }

    // Types

    private static void setUp() throws Exception {
        OpenSearchServerException.registerExceptions();
        Streamables.registerStreamables();
        Method classes = OpenSearchException.class.getDeclaredMethod("classes");
        classes.setAccessible(true);
        for (Object idAndClass : (Object[]) classes.invoke(null)) EXCEPTIONS.add((Class<?>) idAndClass.getClass().getMethod("v2").invoke(idAndClass));
        // It holds the routing of a shard, which reflection does not make.
        EXCEPTIONS.remove(IllegalShardRoutingStateException.class);
        for (Field field : Version.class.getFields()) {
            if (field.getType() == Version.class && field.getName().startsWith("V_") && ((Version) field.get(null)).onOrAfter(Version.fromString("2.0.0"))) {
                VERSIONS.add((Version) field.get(null));
            }
        }
        makers();
        primitives();
        values();
        messages();
    }

    private static void type(String name, Maker maker, Writer writer, Reader reader, Form form) {
        TYPES.put(name, new ValueType(maker, writer, reader, form));
    }

    private static void message(String name, String... classNames) {
        Class<?> type = classOf(classNames);
        type(name, () -> make(type, type, 0), (output, value) -> ((Writeable) value).writeTo(output), constructorOf(type), NO_FORM);
    }

    private static Class<?> classOf(String... names) {
        for (String name : names) {
            try {
                return Class.forName("org.opensearch." + name);
            } catch (ClassNotFoundException elsewhere) {
                // The other line has it under the next name.
            }
        }
        throw new IllegalArgumentException(Arrays.toString(names));
    }

    private static Reader constructorOf(Class<?> type) {
        return input -> {
            Constructor<?> constructor = type.getDeclaredConstructor(StreamInput.class);
            constructor.setAccessible(true);
            try {
                return constructor.newInstance(input);
            } catch (InvocationTargetException failure) {
                if (failure.getCause() instanceof Exception cause) throw cause;
                throw failure;
            }
        };
    }

    private static void primitives() {
        type("boolean", () -> chance(50), (o, v) -> o.writeBoolean((Boolean) v), StreamInput::readBoolean, PLAIN);
        type("short", () -> (short) random.nextInt(), (o, v) -> o.writeShort((Short) v), StreamInput::readShort, PLAIN);
        type("int", RandomValues::anyInt, (o, v) -> o.writeInt((Integer) v), StreamInput::readInt, PLAIN);
        type("vInt", RandomValues::anyInt, (o, v) -> o.writeVInt((Integer) v), StreamInput::readVInt, PLAIN);
        type("long", RandomValues::anyLong, (o, v) -> o.writeLong((Long) v), StreamInput::readLong, PLAIN);
        type("vLong", RandomValues::positiveLong, (o, v) -> o.writeVLong((Long) v), StreamInput::readVLong, PLAIN);
        type("vLongNoCheck", RandomValues::anyLong, (o, v) -> o.writeVLongNoCheck((Long) v), StreamInput::readVLong, PLAIN);
        type("zLong", RandomValues::anyLong, (o, v) -> o.writeZLong((Long) v), StreamInput::readZLong, PLAIN);
        type("float", RandomValues::anyFloat, (o, v) -> o.writeFloat((Float) v), StreamInput::readFloat, PLAIN);
        type("double", RandomValues::anyDouble, (o, v) -> o.writeDouble((Double) v), StreamInput::readDouble, PLAIN);
        type("string", RandomValues::anyString, (o, v) -> o.writeString((String) v), StreamInput::readString, PLAIN);
        type("optionalString", () -> nullable(anyString()), (o, v) -> o.writeOptionalString((String) v), StreamInput::readOptionalString, PLAIN);
        type("text", () -> new Text(utf8String()), (o, v) -> o.writeText((Text) v), StreamInput::readText, PLAIN);
        type("byteArray", RandomValues::anyBytes, (o, v) -> o.writeByteArray((byte[]) v), StreamInput::readByteArray, PLAIN);
        type("bigInteger", RandomValues::anyBigInteger, (o, v) -> o.writeBigInteger((BigInteger) v), StreamInput::readBigInteger, PLAIN);
        type("instant", RandomValues::anyInstant, (o, v) -> o.writeInstant((Instant) v), StreamInput::readInstant, NO_FORM);
        type("zoneId", RandomValues::anyZone, (o, v) -> o.writeZoneId((ZoneId) v), StreamInput::readZoneId, PLAIN);
    }

    private static void values() {
        type("genericValue", () -> anyGeneric(0), StreamOutput::writeGenericValue, StreamInput::readGenericValue, GENERIC);
        type("exception", () -> anyThrowable(0), (o, v) -> o.writeException((Throwable) v), StreamInput::readException, NO_FORM);
        type("timeValue", RandomValues::anyTime, (o, v) -> o.writeTimeValue((TimeValue) v), StreamInput::readTimeValue, PLAIN);
        type("settings", RandomValues::anySettings, (o, v) -> Settings.writeSettingsToStream((Settings) v, o), Settings::readSettingsFromStream, PLAIN);
        type("transportAddress", RandomValues::anyAddress, (o, v) -> ((TransportAddress) v).writeTo(o), TransportAddress::new, PLAIN);
        type("discoveryNode", RandomValues::anyNode, (o, v) -> ((DiscoveryNode) v).writeTo(o), DiscoveryNode::new, PLAIN);
        type("discoveryNodeWithAttributes", RandomValues::anyNode, (o, v) -> ((DiscoveryNode) v).writeToWithAttribute(o), DiscoveryNode::new, PLAIN);
        type("indicesOptions", RandomValues::anyOptions, (o, v) -> ((IndicesOptions) v).writeIndicesOptions(o), IndicesOptions::readIndicesOptions, NO_FORM);
        type("build", MAKERS.get(Build.class), (o, v) -> o.writeBuild((Build) v), StreamInput::readBuild, NO_FORM);
    }

    private static void messages() {
        message("response:cluster:monitor/main", "action.main.MainResponse");
        message("response:cluster:monitor/nodes/liveness", "action.admin.cluster.node.liveness.LivenessResponse");
        message("request:cluster:monitor/health", "action.admin.cluster.health.ClusterHealthRequest");
        message("response:cluster:monitor/health", "action.admin.cluster.health.ClusterHealthResponse");
        message("request:indices:data/read/get", "action.get.GetRequest");
        message("response:indices:data/read/get", "action.get.GetResponse");
        message("request:indices:data/write/index", "action.index.IndexRequest");
        message("response:indices:data/write/index", "action.index.IndexResponse");
        message("request:indices:data/write/delete", "action.delete.DeleteRequest");
        message("response:indices:data/write/delete", "action.delete.DeleteResponse");
        message("request:indices:data/write/update", "action.update.UpdateRequest");
        message("response:indices:data/write/update", "action.update.UpdateResponse");
        message("request:indices:data/write/bulk", "action.bulk.BulkRequest");
        message("response:indices:data/write/bulk", "action.bulk.BulkResponse");
        message("request:indices:admin/refresh", "action.admin.indices.refresh.RefreshRequest");
        message("response:indices:admin/refresh", "action.admin.indices.refresh.RefreshResponse");
        message("request:indices:admin/create", "action.admin.indices.create.CreateIndexRequest");
        message("response:indices:admin/create", "action.admin.indices.create.CreateIndexResponse");
        message("request:indices:admin/delete", "action.admin.indices.delete.DeleteIndexRequest");
        message("response:internal:transport/handshake", "transport.TransportService$HandshakeResponse");
        message("request:internal:tcp/handshake", "transport.TransportHandshaker$HandshakeRequest");
        message("extension:InitializeExtensionRequest", "discovery.InitializeExtensionRequest");
        message("extension:InitializeExtensionResponse", "discovery.InitializeExtensionResponse");
        message("extension:RegisterRestActionsRequest", "extensions.rest.RegisterRestActionsRequest");
        message("extension:ExtensionRestRequest", "extensions.rest.ExtensionRestRequest");
        message("extension:RestExecuteOnExtensionResponse", "extensions.rest.RestExecuteOnExtensionResponse");
        message("extension:ExtensionRequest", "extensions.ExtensionRequest");
        message("extension:ExtensionDependencyResponse", "extensions.ExtensionDependencyResponse");
        message("extension:RegisterTransportActionsRequest", "extensions.action.RegisterTransportActionsRequest");
        message("extension:TransportActionRequestFromExtension", "extensions.action.TransportActionRequestFromExtension");
        message("extension:RemoteExtensionActionResponse", "extensions.action.RemoteExtensionActionResponse");
        message("extension:WriteableSetting", "common.settings.WriteableSetting");
        message("extension:RegisterCustomSettingsRequest", "extensions.settings.RegisterCustomSettingsRequest");
        message("extension:UpdateSettingsRequest", "extensions.UpdateSettingsRequest");
    }

    // Made by reflection

    private static void makers() {
        MAKERS.put(String.class, RandomValues::anyString);
        MAKERS.put(CharSequence.class, RandomValues::anyString);
        MAKERS.put(Object.class, () -> anyGeneric(2));
        MAKERS.put(BytesReference.class, () -> new BytesArray(anyBytes()));
        MAKERS.put(TimeValue.class, RandomValues::anyTime);
        MAKERS.put(ByteSizeValue.class, RandomValues::anySize);
        MAKERS.put(Version.class, () -> oneOf(VERSIONS));
        MAKERS.put(Settings.class, RandomValues::anySettings);
        MAKERS.put(TransportAddress.class, RandomValues::anyAddress);
        MAKERS.put(DiscoveryNode.class, RandomValues::anyNode);
        MAKERS.put(ClusterName.class, () -> new ClusterName("c" + random.nextInt(99)));
        MAKERS.put(TaskId.class, () -> chance(60) ? TaskId.EMPTY_TASK_ID : new TaskId("n" + anyString(), anyLong()));
        MAKERS.put(IndicesOptions.class, RandomValues::anyOptions);
        MAKERS.put(ActiveShardCount.class, () -> chance(30) ? oneOf(List.of(ActiveShardCount.ALL, ActiveShardCount.DEFAULT)) : ActiveShardCount.from(random.nextInt(9)));
        MAKERS.put(Index.class, () -> new Index(anyString(), anyString()));
        MAKERS.put(ShardId.class, () -> new ShardId(anyString(), anyString(), random.nextInt(500)));
        MAKERS.put(MediaType.class, () -> oneOf(List.of(XContentType.values())));
        MAKERS.put(Build.class, () -> new Build(oneOf(List.of(Build.Type.values())), anyString(), anyString(), chance(50), anyString(), anyString()));
        MAKERS.put(Setting.class, RandomValues::anySetting);
        MAKERS.put(WriteableSetting.class, () -> new WriteableSetting(anySetting()));
        MAKERS.put(com.google.protobuf.ByteString.class, () -> com.google.protobuf.ByteString.copyFrom(anyBytes()));
        MAKERS.put(ShardSearchFailure.class, () -> new ShardSearchFailure(anyException(3), nullable(anyTarget())));
        MAKERS.put(SearchShardTarget.class, RandomValues::anyTarget);
        either(DocWriteRequest.class, "action.index.IndexRequest", "action.delete.DeleteRequest", "action.update.UpdateRequest");
        either(DocWriteResponse.class, "action.index.IndexResponse", "action.delete.DeleteResponse", "action.update.UpdateResponse");
        for (String name : List.of("extensions.DiscoveryExtensionNode", "extensions.UpdateSettingsRequest")) {
            Class<?> type = classOf(name);
            MAKERS.put(type, () -> constructed(type, 1));
        }
    }

    private static void either(Class<?> type, String... classNames) {
        MAKERS.put(type, () -> {
            Class<?> chosen = classOf(oneOf(List.of(classNames)));
            return make(chosen, chosen, 2);
        });
    }

    @SuppressWarnings({ "unchecked", "rawtypes" })
    private static Object make(Type generic, Class<?> type, int depth) throws Exception {
        Maker maker = MAKERS.get(type);
        if (maker != null) return maker.make();
        if (type == int.class || type == Integer.class) return anyInt();
        if (type == long.class || type == Long.class) return anyLong();
        if (type == boolean.class || type == Boolean.class) return chance(50);
        if (type == float.class) return anyFloat();
        if (type == double.class) return anyDouble();
        if (type == byte[].class) return anyBytes();
        if (type.isEnum()) return oneOf(List.of(type.getEnumConstants()));
        if (type == OpenSearchException.class) return made(OpenSearchException.class, depth);
        if (Throwable.class.isAssignableFrom(type)) return type.isAssignableFrom(Exception.class) ? anyException(depth + 1) : made(type, depth);
        int count = depth > MOST_DEPTH ? 0 : random.nextInt(3);
        if (type.isArray()) {
            Object array = Array.newInstance(type.getComponentType(), count);
            for (int i = 0; i < count; i++) Array.set(array, i, make(type.getComponentType(), type.getComponentType(), depth + 1));
            return array;
        }
        if (type == List.class || type == Set.class || type == EnumSet.class) {
            Collection items = type == EnumSet.class ? EnumSet.noneOf((Class) rawOf(argument(generic, 0)))
                : type == List.class ? new ArrayList<>() : new HashSet<>();
            for (int i = 0; i < count; i++) items.add(make(argument(generic, 0), rawOf(argument(generic, 0)), depth + 1));
            return items;
        }
        if (type == Map.class) {
            Map entries = new HashMap<>();
            for (int i = 0; i < count; i++) {
                Object value = make(argument(generic, 1), rawOf(argument(generic, 1)), depth + 1);
                entries.put(keyOf(value, make(argument(generic, 0), rawOf(argument(generic, 0)), depth + 1)), value);
            }
            return entries;
        }
        for (Field field : type.getDeclaredFields()) {
            // Protobuf messages are not filled, but made by the constructor of what holds them.
            if (!Modifier.isStatic(field.getModifiers()) && field.getType().getName().contains(".proto.")) return constructed(type, depth);
        }
        Object made = blank(type);
        for (Class<?> level = type; level != Object.class; level = level.getSuperclass()) fill(level, made, depth + 1);
        return made;
    }

    private static Object blank(Class<?> type) throws Exception {
        if (Modifier.isAbstract(type.getModifiers())) throw new InstantiationException(type.getName());
        // As deserialisation does it: no constructor of the class runs.
        Constructor<?> none = sun.reflect.ReflectionFactory.getReflectionFactory().newConstructorForSerialization(type, Object.class.getDeclaredConstructor());
        return none.newInstance();
    }

    private static Object constructed(Class<?> type, int depth) throws Exception {
        Constructor<?> widest = Arrays.stream(type.getConstructors()).max(Comparator.comparingInt(Constructor::getParameterCount)).orElseThrow();
        Object[] arguments = new Object[widest.getParameterCount()];
        for (int i = 0; i < arguments.length; i++) {
            arguments[i] = make(widest.getGenericParameterTypes()[i], widest.getParameterTypes()[i], depth + 1);
        }
        return widest.newInstance(arguments);
    }

    private static void fill(Class<?> level, Object object, int depth) throws Exception {
        for (Field field : level.getDeclaredFields()) {
            if (Modifier.isStatic(field.getModifiers())) continue;
            field.setAccessible(true);
            field.set(object, valueOf(field, depth));
        }
    }

    /** Names tell what is written as a vInt or vLong, what is a cache, and what is never null. */
    private static Object valueOf(Field field, int depth) throws Exception {
        String name = field.getName();
        Class<?> type = field.getType();
        if (name.equals("sourceAsMap") || name.equals("sourceAsBytes") || type == java.util.function.Function.class) return null;
        if (name.equals("extraFieldValues")) return anyExtraFields();
        if (type == int.class && name.matches(".*([sS]hards?|[nN]odes|[iI]d|total|successful|retryOnConflict|[rR]eplicas)|numberOf.*")) return random.nextInt(300);
        if (type == long.class && name.matches("(?i).*(primaryTerm|routedBased.*|term|tookInMillis)")) return positiveLong();
        boolean mayBeNull = !type.isPrimitive() && !name.equals("cause");
        return mayBeNull && chance(10) ? null : make(field.getGenericType(), type, depth);
    }

    private static Object anyExtraFields() throws Exception {
        if (!LINE_3) return null;
        String folder = "index.mapper.extrasource.";
        Map<String, Object> values = new HashMap<>();
        for (int i = random.nextInt(3); i > 0; i--) {
            Class<?> type = classOf(folder + oneOf(List.of("BytesValue", "PrimitiveFloatArray", "PrimitiveIntArray", "PrimitiveLongArray", "PackedDoubleArray")));
            int dimension = random.nextInt(4);
            values.put(anyString(), type.getSimpleName().startsWith("Packed")
                ? type.getMethod("fromPackedBytes", BytesReference.class, int.class).invoke(null, new BytesArray(new byte[8 * dimension]), dimension)
                : constructed(type, 1));
        }
        return classOf(folder + "ExtraFieldValues").getConstructor(Map.class).newInstance(values);
    }

    /** Things that are kept under a name of their own. */
    private static Object keyOf(Object value, Object key) throws Exception {
        for (String name : List.of("name", "index", "awarenessAttributeName", "shardId")) {
            for (Field field : value.getClass().getDeclaredFields()) {
                if (!field.getName().equals(name) || field.getType() != key.getClass() && field.getType() != int.class) continue;
                field.setAccessible(true);
                return field.get(value);
            }
        }
        return key;
    }

    private static Type argument(Type generic, int i) {
        return generic instanceof ParameterizedType type ? type.getActualTypeArguments()[i] : Object.class;
    }

    private static Class<?> rawOf(Type generic) {
        if (generic instanceof Class<?> type) return type;
        if (generic instanceof ParameterizedType type) return rawOf(type.getRawType());
        return generic instanceof WildcardType type ? rawOf(type.getUpperBounds()[0]) : Object.class;
    }

    // Exceptions

    private static Exception anyException(int depth) throws Exception {
        while (true) if (anyThrowable(depth) instanceof Exception exception) return exception;
    }

    private static Throwable anyThrowable(int depth) throws Exception {
        if (chance(30)) return withDetails(anyJavaThrowable(), depth);
        while (true) {
            Class<?> type = depth == 0 ? EXCEPTIONS.get(nextException++ % EXCEPTIONS.size()) : oneOf(EXCEPTIONS);
            Throwable made = made(type, depth);
            if (readsBack(made)) return made;
        }
    }

    /** What is not read back alone would spoil whatever it is in. */
    private static boolean readsBack(Throwable throwable) {
        try {
            BytesStreamOutput output = new BytesStreamOutput();
            output.writeException(throwable);
            StreamInput input = output.bytes().streamInput();
            input.readException();
            return input.available() == 0;
        } catch (Exception | AssertionError failure) {
            return false;
        }
    }

    private static Throwable made(Class<?> type, int depth) throws Exception {
        Throwable made = (Throwable) blank(type);
        set(Throwable.class, made, "cause", made);
        set(Throwable.class, made, "detailMessage", nullable(anyString()));
        Field none = Throwable.class.getDeclaredField("SUPPRESSED_SENTINEL");
        none.setAccessible(true);
        set(Throwable.class, made, "suppressedExceptions", none.get(null));
        set(Throwable.class, made, "stackTrace", new StackTraceElement[0]);
        set(OpenSearchException.class, made, "metadata", new HashMap<>());
        set(OpenSearchException.class, made, "headers", new HashMap<>());
        if (chance(30)) ((OpenSearchException) made).addMetadata("opensearch." + anyString(), List.of(anyString()));
        if (chance(30)) ((OpenSearchException) made).addHeader("h" + anyString(), anyString(), anyString());
        for (Class<?> level = type; level != OpenSearchException.class; level = level.getSuperclass()) fill(level, made, depth + 1);
        return withDetails(made, depth);
    }

    private static void set(Class<?> type, Object object, String name, Object value) throws Exception {
        Field field = type.getDeclaredField(name);
        field.setAccessible(true);
        field.set(object, value);
    }

    private static Throwable withDetails(Throwable throwable, int depth) throws Exception {
        StackTraceElement[] stack = new StackTraceElement[random.nextInt(3)];
        for (int i = 0; i < stack.length; i++) stack[i] = new StackTraceElement(anyString(), anyString(), nullable(anyString()), anyInt());
        throwable.setStackTrace(stack);
        if (depth < 3 && chance(30) && !(throwable instanceof CorruptIndexException) && !(throwable instanceof LockObtainFailedException)) {
            throwable.initCause(anyThrowable(depth + 1));
        }
        if (depth < 3 && chance(15)) throwable.addSuppressed(anyThrowable(depth + 1));
        return throwable;
    }

    private static Throwable anyJavaThrowable() {
        String message = nullable(anyString());
        String file = nullable(anyString());
        return oneOf(List.of(
            new CorruptIndexException(message, file), new IndexFormatTooNewException(file, anyInt(), anyInt(), anyInt()),
            new IndexFormatTooOldException(file, anyInt(), anyInt(), anyInt()), new IndexFormatTooOldException(file, message),
            new NullPointerException(message), new NumberFormatException(message), new IllegalArgumentException(message),
            new AlreadyClosedException(message), new EOFException(message), new SecurityException(message),
            new StringIndexOutOfBoundsException(message), new ArrayIndexOutOfBoundsException(message), new FileNotFoundException(message),
            new NoSuchFileException(file, message, anyString()), new AccessDeniedException(file), new FileSystemLoopException(file),
            new FileSystemException(file, message, anyString()), new IllegalStateException(message), new LockObtainFailedException(message),
            new InterruptedException(message), new IOException(message), new OpenSearchRejectedExecutionException(message, chance(50)),
            new OutOfMemoryError(message), new ArithmeticException(message)));
    }

    private static SearchShardTarget anyTarget() throws Exception {
        Constructor<?> constructor = Arrays.stream(SearchShardTarget.class.getConstructors()).filter(each -> each.getParameterCount() == 4).findFirst().orElseThrow();
        return (SearchShardTarget) constructor.newInstance(nullable(anyString()), new ShardId(anyString(), anyString(), 3), nullable(anyString()), null);
    }

    // Values

    private static boolean chance(int percent) {
        return random.nextInt(100) < percent;
    }

    private static <T> T oneOf(List<? extends T> choices) {
        return choices.get(random.nextInt(choices.size()));
    }

    private static <T> T nullable(T value) {
        return chance(25) ? null : value;
    }

    private static int anyInt() {
        return chance(40) ? random.nextInt(200) : random.nextInt() >> random.nextInt(32);
    }

    private static long anyLong() {
        return chance(20) ? oneOf(List.of(Long.MIN_VALUE, Long.MAX_VALUE, -1L, 1L << 53, (1L << 53) + 1, -(1L << 53) - 1)) : random.nextLong() >> random.nextInt(64);
    }

    private static long positiveLong() {
        return anyLong() & Long.MAX_VALUE;
    }

    private static float anyFloat() {
        return chance(20) ? oneOf(List.of(-0f, Float.NaN, Float.NEGATIVE_INFINITY, Float.MIN_VALUE, Float.MAX_VALUE)) : Float.intBitsToFloat(random.nextInt());
    }

    private static double anyDouble() {
        return chance(20) ? oneOf(List.of(-0d, Double.NaN, Double.POSITIVE_INFINITY, Double.MIN_VALUE, 0.1)) : Double.longBitsToDouble(random.nextLong());
    }

    /** ASCII for the most part; otherwise any UTF-16 code units, lone surrogates too, names that JavaScript objects have, long ones. */
    private static String anyString() {
        int range = switch (random.nextInt(8)) {
            case 0 -> 0x10000;
            case 1 -> 0x900;
            default -> 0x80;
        };
        if (chance(4)) return oneOf(List.of("__proto__", "constructor", "10", "2", "\ud83d\ude00", "\udc00", "\u0000"));
        char[] units = new char[chance(1) ? random.nextInt(30_000) : random.nextInt(12)];
        for (int i = 0; i < units.length; i++) units[i] = (char) random.nextInt(range);
        return new String(units);
    }

    private static String utf8String() {
        return new String(anyString().getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
    }

    private static byte[] anyBytes() {
        byte[] bytes = new byte[chance(3) ? random.nextInt(5000) : random.nextInt(20)];
        random.nextBytes(bytes);
        return bytes;
    }

    private static BigInteger anyBigInteger() {
        return new BigInteger(1 + random.nextInt(200), random).multiply(BigInteger.valueOf(chance(50) ? 1 : -1));
    }

    private static Instant anyInstant() {
        return Instant.ofEpochSecond(random.nextLong() >> 30, random.nextInt(1_000_000_000));
    }

    private static ZoneId anyZone() {
        return ZoneId.of(oneOf(List.of("UTC", "Europe/Paris", "+05:30", "America/New_York")));
    }

    private static TimeValue anyTime() {
        return new TimeValue(chance(10) ? -1 : chance(20) ? positiveLong() : random.nextInt(100_000), oneOf(List.of(TimeUnit.values())));
    }

    private static ByteSizeValue anySize() {
        return new ByteSizeValue(random.nextInt(100_000), oneOf(List.of(ByteSizeUnit.values())));
    }

    private static TransportAddress anyAddress() throws Exception {
        byte[] ip = new byte[chance(60) ? 4 : 16];
        random.nextBytes(ip);
        return new TransportAddress(chance(50) ? InetAddress.getByAddress(ip) : InetAddress.getByAddress("host-" + random.nextInt(99), ip), random.nextInt(65_536));
    }

    private static Settings anySettings() {
        Settings.Builder settings = Settings.builder();
        for (int i = random.nextInt(5); i > 0; i--) {
            switch (random.nextInt(4)) {
                case 0 -> settings.putNull(anyString());
                case 1 -> settings.putList(anyString(), anyString(), anyString());
                case 2 -> settings.put(anyString(), anyTime());
                default -> settings.put(anyString(), anyString());
            }
        }
        return settings.build();
    }

    private static DiscoveryNode anyNode() throws Exception {
        Set<DiscoveryNodeRole> roles = new HashSet<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            roles.add(chance(80) ? oneOf(List.copyOf(DiscoveryNodeRole.BUILT_IN_ROLES)) : DiscoveryNode.getRoleFromRoleName("role" + random.nextInt(9)));
        }
        Map<String, String> attributes = Map.of(anyString(), anyString());
        DiscoveryNode node = new DiscoveryNode(
            anyString(), anyString(), anyString(), anyString(), anyString(), anyAddress(), attributes, roles, oneOf(VERSIONS));
        if (!LINE_3 || chance(50)) return node;
        return DiscoveryNode.class.getConstructor(DiscoveryNode.class, TransportAddress.class).newInstance(node, anyAddress());
    }

    private static IndicesOptions anyOptions() {
        EnumSet<IndicesOptions.Option> options = EnumSet.allOf(IndicesOptions.Option.class);
        options.removeIf(each -> chance(50));
        EnumSet<IndicesOptions.WildcardStates> wildcards = EnumSet.allOf(IndicesOptions.WildcardStates.class);
        wildcards.removeIf(each -> chance(50));
        return new IndicesOptions(options, wildcards);
    }

    private static Setting<?> anySetting() {
        String key = "e.k" + random.nextInt(99);
        Setting.Property scope = chance(50) ? Setting.Property.NodeScope : Setting.Property.IndexScope;
        Setting.Property more = oneOf(List.of(Setting.Property.Dynamic, Setting.Property.Filtered, Setting.Property.ExtensionScope));
        int least = anyInt() >> 1;
        return oneOf(List.of(
            Setting.boolSetting(key, chance(50), scope, more),
            Setting.intSetting(key, least + 1, least, scope),
            Setting.intSetting(key, Setting.intSetting("e.fallback", 1, scope), least, scope, more),
            Setting.longSetting(key, least, least - 1L, Long.MAX_VALUE, scope, more),
            Setting.floatSetting(key, 1.5f, 0f, scope, more), Setting.doubleSetting(key, 0.5, 0.1, 0.9, scope),
            Setting.simpleString(key, anyString(), scope, more), Setting.simpleString(key, "abc", new Setting.RegexValidator("[a-z]+", true), scope),
            Setting.timeSetting(key, TimeValue.timeValueMinutes(5), TimeValue.timeValueSeconds(1), TimeValue.timeValueHours(1), scope),
            Setting.timeSetting(key, anyTime(), scope, more), Setting.byteSizeSetting(key, anySize(), scope, more),
            Setting.memorySizeSetting(key, "10%", scope, more), Setting.versionSetting(key, oneOf(VERSIONS), scope)));
    }

    private static Object anyGeneric(int depth) throws Exception {
        switch (random.nextInt(depth < 4 ? 29 : 23)) {
            case 0: return null;
            case 1: return anyInt();
            case 2: return anyLong();
            case 3: return anyFloat();
            case 4: return anyDouble();
            case 5: return chance(50);
            case 6: return anyBytes();
            case 7: return (byte) random.nextInt();
            case 8: return new Date(anyLong());
            case 9: return new BytesArray(anyBytes());
            case 10: return new Text(utf8String());
            case 11: return (short) random.nextInt();
            case 12: return new int[] { anyInt(), anyInt() };
            case 13: return new long[] { anyLong(), anyLong() };
            case 14: return new float[] { anyFloat() };
            case 15: return new double[] { anyDouble(), anyDouble() };
            case 16: return new BytesRef(anyBytes());
            case 17: return new GeoPoint(anyDouble(), anyDouble());
            case 18: return ZonedDateTime.ofInstant(Instant.ofEpochMilli(random.nextLong() >> 20), anyZone());
            case 19: return anyBigInteger();
            case 20: return SemverRange.fromString(oneOf(List.of("1.2.3", "~2.0.0", "^3.1.0")));
            case 21, 22: return anyString();
            case 23: return new ArrayList<>(generics(depth));
            case 24: return generics(depth).toArray();
            case 25: return new LinkedHashSet<>(generics(depth));
            case 26: return new HashSet<>(generics(depth));
            default:
                Map<String, Object> entries = chance(50) ? new HashMap<>() : new LinkedHashMap<>();
                for (Object value : generics(depth)) entries.put(anyString(), value);
                return entries;
        }
    }

    private static List<Object> generics(int depth) throws Exception {
        List<Object> values = new ArrayList<>();
        for (int i = random.nextInt(4); i > 0; i--) values.add(anyGeneric(depth + 1));
        return values;
    }

    // Forms

    private static void text(StringBuilder json, String text) {
        json.append('"');
        for (char unit : text.toCharArray()) {
            if (unit < 0x20 || unit > 0x7e || unit == '"' || unit == '\\') json.append(String.format("\\u%04x", (int) unit));
            else json.append(unit);
        }
        json.append('"');
    }

    private static void members(StringBuilder json, Object... namesAndValues) throws Exception {
        Map<String, Object> members = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) members.put((String) namesAndValues[i], namesAndValues[i + 1]);
        form(json, members);
    }

    private static void form(StringBuilder json, Object value) throws Exception {
        if (value == null || value instanceof Boolean || value instanceof Integer || value instanceof Short || value instanceof Byte) json.append(value);
        else if (value instanceof Float || value instanceof Double) number(json, ((Number) value).doubleValue());
        else if (value instanceof byte[] bytes) text(json, HexFormat.of().formatHex(bytes));
        else if (value instanceof BytesReference bytes) text(json, HexFormat.of().formatHex(BytesReference.toBytes(bytes)));
        else if (value instanceof BytesRef bytes) text(json, HexFormat.of().formatHex(bytes.bytes, bytes.offset, bytes.offset + bytes.length));
        else if (value instanceof Text text) text(json, text.string());
        else if (value instanceof TimeValue time) members(json, "duration", time.duration(), "unit", time.timeUnit().name());
        else if (value instanceof TransportAddress address) {
            members(json, "ip", address.address().getAddress().getAddress(), "host", address.address().getHostString(), "port", address.getPort());
        } else if (value instanceof DiscoveryNodeRole role) {
            members(json, "name", role.roleName(), "abbreviation", role.roleNameAbbreviation(), "canContainData", role.canContainData());
        } else if (value instanceof DiscoveryNode node) {
            Object stream = LINE_3 ? DiscoveryNode.class.getMethod("getStreamAddress").invoke(node) : null;
            members(json, "name", node.getName(), "id", node.getId(), "ephemeralId", node.getEphemeralId(), "hostName", node.getHostName(),
                "hostAddress", node.getHostAddress(), "address", node.getAddress(), "streamAddress", stream, "attributes", node.getAttributes(),
                "roles", List.copyOf(node.getRoles()), "versionId", node.getVersion().id);
        } else if (value instanceof Settings settings) {
            Field field = Settings.class.getDeclaredField("settings");
            field.setAccessible(true);
            form(json, field.get(settings));
        } else if (value instanceof Map<?, ?> map) {
            separated(json, '{', map.entrySet(), '}', entry -> {
                text(json, (String) ((Map.Entry<?, ?>) entry).getKey());
                json.append(':');
                form(json, ((Map.Entry<?, ?>) entry).getValue());
            });
        } else if (value instanceof Collection<?> items) separated(json, '[', items, ']', item -> form(json, item));
        else if (value.getClass().isArray()) separated(json, '[', listOf(value), ']', item -> form(json, item));
        else text(json, value.toString());
    }

    private interface Printer {
        void print(Object item) throws Exception;
    }

    private static void separated(StringBuilder json, char before, Collection<?> items, char after, Printer printer) throws Exception {
        json.append(before);
        boolean first = true;
        for (Object item : items) {
            if (!first) json.append(',');
            first = false;
            printer.print(item);
        }
        json.append(after);
    }

    private static List<Object> listOf(Object array) {
        List<Object> items = new ArrayList<>();
        for (int i = 0; i < Array.getLength(array); i++) items.add(Array.get(array, i));
        return items;
    }

    private static void number(StringBuilder json, double value) {
        if (Double.isFinite(value) && !(value == 0 && 1 / value < 0)) json.append(value);
        else text(json, value == 0 ? "-0" : String.valueOf(value));
    }

    private static void genericForm(StringBuilder json, Object value) throws Exception {
        if (value instanceof GeoPoint point) members(json, "t", "geoPoint", "lat", point.getLat(), "lon", point.getLon());
        else if (value instanceof ZonedDateTime time) {
            members(json, "t", "zonedDateTime", "zone", time.getZone().getId(), "epochMillis", time.toInstant().toEpochMilli());
        } else {
            json.append("{\"t\":\"").append(kindOf(value)).append("\",\"v\":");
            if (value instanceof Map<?, ?> map) {
                separated(json, '[', map.entrySet(), ']', entry -> {
                    json.append('[');
                    text(json, (String) ((Map.Entry<?, ?>) entry).getKey());
                    json.append(',');
                    genericForm(json, ((Map.Entry<?, ?>) entry).getValue());
                    json.append(']');
                });
            } else if (value instanceof Collection<?> items) separated(json, '[', items, ']', item -> genericForm(json, item));
            else if (value instanceof Object[] items) separated(json, '[', Arrays.asList(items), ']', item -> genericForm(json, item));
            else form(json, value instanceof Date date ? (Object) date.getTime() : value);
            json.append('}');
        }
    }

    private static String kindOf(Object value) {
        if (value == null) return "null";
        if (value instanceof LinkedHashMap) return "orderedMap";
        if (value instanceof LinkedHashSet) return "orderedSet";
        if (value instanceof BytesReference) return "bytesReference";
        if (value instanceof Object[]) return "array";
        return switch (value.getClass().getSimpleName()) {
            case "Integer" -> "int";
            case "byte[]" -> "bytes";
            case "int[]", "long[]", "float[]", "double[]" -> value.getClass().getComponentType() + "s";
            case "ArrayList" -> "list";
            case "HashMap" -> "map";
            case "HashSet" -> "set";
            case "BytesRef", "BigInteger", "SemverRange" -> value.getClass().getSimpleName().replaceFirst("^B", "b").replaceFirst("^S", "s");
            default -> value.getClass().getSimpleName().toLowerCase(Locale.ROOT);
        };
    }
}
