package dev.millrace.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.millrace.Parts;
import dev.millrace.core.Encoding;
import dev.millrace.core.ErrorCode;
import dev.millrace.core.JobState;
import dev.millrace.core.Phase;
import dev.millrace.core.RejectionCode;
import dev.millrace.core.Sink;
import dev.millrace.core.Store;
import dev.millrace.explore.Discovery;
import dev.millrace.explore.Explore;
import dev.millrace.infer.Infer;
import dev.millrace.jobs.Jobs;
import dev.millrace.models.Models;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/// Holds `openapi.yaml` and the code against each other, both ways.
class ContractTest {
    private static final Set<String> METHODS = Set.of("get", "put", "post", "delete", "patch");

    private static final JsonNode CONTRACT = contract();

    private static JsonNode contract() {
        try (var in = ContractTest.class.getResourceAsStream("/openapi.yaml")) {
            return new YAMLMapper().readTree(in);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /// `METHOD path` and what is said of it.
    private static Map<String, JsonNode> operations() {
        var operations = new TreeMap<String, JsonNode>();
        for (var path : CONTRACT.get("paths").properties()) {
            for (var operation : path.getValue().properties()) {
                if (METHODS.contains(operation.getKey())) {
                    operations.put(
                            operation.getKey().toUpperCase(Locale.ROOT) + " " + path.getKey(),
                            operation.getValue());
                }
            }
        }
        return operations;
    }

    private static JsonNode operation(String name) {
        return Objects.requireNonNull(operations().get(name), name);
    }

    static Map<String, Route> routes() {
        var catalog = new FakeCatalog().asCatalog();
        var sink = Partial.of(Sink.class, catalog);
        var store = Partial.of(Store.class, catalog);
        var tokens = new Tokens(RunningApi.SECRET);
        var clock = InstantSource.system();
        var jobs = new Jobs(catalog, store, sink);
        var view = new JobView(clock, jobs::sourceCounts);
        var fetching = new NothingFetched();
        var discovery = new Discovery(RunningApi.connections(catalog));
        var exports =
                new ExportRoutes(
                        RunningApi.exports(RunningApi.connections(catalog)),
                        RunningApi.connections(catalog),
                        clock);
        var models = new Models(catalog, sink);
        var jobRoutes = new JobRoutes(jobs, (j, _, _) -> j, fetching, view, exports);
        var events = new JobEvents(jobs, exports, view, _ -> {}, clock);
        var reachable = RunningApi.connections(catalog);
        var taken = RunningApi.exports(reachable);
        var oldExports = new OldExports(reachable, discovery, taken, exports);
        var oldLoads = new OldLoads(models, new Infer(1, Parts::next), jobRoutes);
        var table =
                new Routes(
                                new ModelRoutes(new Models(catalog, sink)),
                                new SourceRoutes(
                                        new Infer(1, Parts::next),
                                        new Models(catalog, sink),
                                        fetching),
                                jobRoutes,
                                new RejectionRoutes(jobs),
                                events,
                                new SweepRoutes(RunningApi.sweeps(catalog, store, sink)),
                                new SqlRoutes(new Explore((_, _, _) -> {}), discovery),
                                new ConnectionRoutes(RunningApi.connections(catalog)),
                                exports,
                                new ExploreRoutes(discovery),
                                new OldTool(
                                        new OldRoutes(reachable, discovery),
                                        oldExports,
                                        oldLoads,
                                        new OldJobs(oldExports, oldLoads, jobs, taken, events)),
                                new SessionRoutes(new SignInCodes(clock), tokens),
                                new ServerRoutes(
                                        new Readiness(Map.of(), Duration.ofSeconds(1)),
                                        new Monitoring(
                                                () -> "",
                                                "text/plain",
                                                (_, _, _, _) -> {},
                                                _ -> {})))
                        .table();
        var routes = new TreeMap<String, Route>();
        table.forEach(route -> routes.put(route.method().name() + " " + route.path(), route));
        assertThat(routes).hasSameSizeAs(table);
        return routes;
    }

    @Test
    void everyDocumentedOperationIsRoutedAndEveryRouteDocumented() {
        assertThat(operations().keySet()).isEqualTo(routes().keySet());
    }

    @Test
    void everyRouteTakesTheDocumentedQueryParameters() {
        routes().forEach((name, route) ->
                assertThat(documentedQuery(name))
                        .as(name)
                        .isEqualTo(new TreeSet<>(route.parameters())));
    }

    @Test
    void everyPostTakesAnIdempotencyKey() {
        routes().forEach((name, route) -> {
            var documented =
                    operation(name)
                            .path("parameters")
                            .valueStream()
                            .map(parameter -> parameter.path("$ref").asText())
                            .filter(reference -> reference.contains("/idempotencyKey"))
                            .toList();
            var expected =
                    !name.startsWith("POST ")
                            ? List.of()
                            : List.of(
                                    route.repeat() == Repeat.FREELY
                                            ? "#/components/parameters/idempotencyKeyIgnored"
                                            : "#/components/parameters/idempotencyKey");
            assertThat(documented).as(name).isEqualTo(expected);
        });
    }

    private static Set<String> documentedQuery(String name) {
        var names = new TreeSet<String>();
        for (var parameter : operation(name).path("parameters")) {
            var resolved = resolve(parameter);
            if (resolved.get("in").asText().equals("query")) {
                names.add(resolved.get("name").asText());
            }
        }
        return names;
    }

    @Test
    void theDocumentSaysWhichScopeEachRouteNeeds() {
        routes().forEach((name, route) -> {
            var security = operation(name).path("security");
            var scope = route.scope();
            if (scope == null) {
                assertThat(security.isArray() && security.isEmpty()).as(name).isTrue();
            } else if (route.openOnLoopback()) {
                assertThat(security.toString())
                        .as(name)
                        .isEqualTo(
                                "[{},{\"bearer\":[\"%1$s\"]},{\"cookie\":[\"%1$s\"]}]"
                                        .formatted(scope.label()));
            } else {
                assertThat(security.toString())
                        .as(name)
                        .isEqualTo(
                                "[{\"bearer\":[\"%1$s\"]},{\"cookie\":[\"%1$s\"]}]"
                                        .formatted(scope.label()));
            }
        });
    }

    @Test
    void everyReferenceLeadsSomewhere() {
        for (var reference : CONTRACT.findValuesAsText("$ref")) {
            assertThat(CONTRACT.at(reference.substring(1)).isMissingNode()).as(reference).isFalse();
        }
    }

    @Test
    void everyEnumIsTheCodesOwn() {
        assertThat(enumOf("ErrorCode")).isEqualTo(names(ErrorCode.values()));
        assertThat(enumOf("RejectionCode")).isEqualTo(names(RejectionCode.values()));
        assertThat(enumOf("JobState")).isEqualTo(names(JobState.values()));
        assertThat(enumOf("Phase")).isEqualTo(names(Phase.values()));
        assertThat(enumOf("Encoding"))
                .isEqualTo(Arrays.stream(Encoding.values()).map(Encoding::label).toList());
    }

    /// Fails when an object has other fields than its schema requires.
    static void assertDocumented(String schema, JsonNode object) {
        var described = CONTRACT.at("/components/schemas/" + schema);
        assertThat(fields(object)).as(schema).isEqualTo(texts(described.get("required")));
        for (var property : described.get("properties").properties()) {
            var nested = resolve(property.getValue());
            var value = object.path(property.getKey());
            if (nested.has("required") && value.isObject()) {
                assertThat(fields(value))
                        .as("%s.%s", schema, property.getKey())
                        .isEqualTo(texts(nested.get("required")));
            }
        }
    }

    private static Set<String> fields(JsonNode object) {
        var names = new HashSet<String>();
        object.fieldNames().forEachRemaining(names::add);
        return names;
    }

    private static Set<String> texts(JsonNode array) {
        var texts = new HashSet<String>();
        array.forEach(text -> texts.add(text.asText()));
        return texts;
    }

    private static JsonNode resolve(JsonNode node) {
        return node.has("$ref") ? CONTRACT.at(node.get("$ref").asText().substring(1)) : node;
    }

    private static List<String> enumOf(String schema) {
        return CONTRACT.at("/components/schemas/" + schema + "/enum")
                .valueStream()
                .map(JsonNode::asText)
                .toList();
    }

    private static List<String> names(Enum<?>[] values) {
        return Arrays.stream(values).map(Enum::name).toList();
    }
}
