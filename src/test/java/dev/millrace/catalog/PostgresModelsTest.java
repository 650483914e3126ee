package dev.millrace.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.Definitions;
import dev.millrace.core.Column;
import dev.millrace.core.ColumnType;
import dev.millrace.core.ColumnTypes;
import dev.millrace.core.ErrorCode;
import dev.millrace.core.MillraceException;
import dev.millrace.core.Model;
import dev.millrace.core.ModelDefinition;
import dev.millrace.core.ModelId;
import dev.millrace.core.ModelVersion;
import dev.millrace.core.PartitionKey;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

final class PostgresModelsTest {
    private final PostgresCatalog catalog = CatalogDatabase.emptied().catalog();

    @Test
    void aModelComesBackAsItWasMade() {
        var columns =
                List.of(
                        new Column("größe \"in\" 'cm'", ColumnTypes.parse("Nullable(UInt256)")),
                        new Column("toYear(day)", new ColumnType.Date()),
                        new Column("day", new ColumnType.Date()),
                        new Column("{a,b}\\", new ColumnType.Text()));
        var definition =
                new ModelDefinition(
                        columns,
                        "purchases",
                        "{a,b}\\",
                        List.of("{a,b}\\", "day"),
                        new PartitionKey("toYear", "day"));

        var made = catalog.models().create("purchases", definition, "ada");

        assertThat(made.definition()).isEqualTo(definition);
        assertThat(made)
                .extracting(Model::name, Model::version, Model::owner, Model::workspace)
                .containsExactly("purchases", 1, "ada", "default");
        assertThat(catalog.models().find("purchases")).contains(made);
        assertThat(catalog.models().find(made.id().publicId())).contains(made);
        assertThat(catalog.models().find(made.id().uuid().toString())).contains(made);
        assertThat(catalog.models().find("nothing")).isEmpty();
    }

    @Test
    void everythingThatADefinitionSaysIsKept() {
        for (var seed = 0; seed < 100; seed++) {
            var definition = Definitions.random(seed);
            var made = catalog.models().create("m" + seed, definition, "ada");
            assertThat(made.definition()).as("seed %d", seed).isEqualTo(definition);
        }
        assertThat(catalog.models().list(null, 100))
                .hasSize(100)
                .allSatisfy(m ->
                        assertThat(m.definition())
                                .isEqualTo(
                                        Definitions.random(Long.parseLong(m.name().substring(1)))));
    }

    @Test
    void aVersionCanBeReadAsItWasAndWhenItWasMade() {
        var first = CatalogDatabase.model(catalog);
        var second = catalog.models().update(first.id(), 1, Definitions.random(1));

        assertThat(catalog.models().version(first.id(), 1)).contains(first);
        assertThat(catalog.models().version(first.id(), 2)).contains(second);
        assertThat(catalog.models().version(first.id(), 3)).isEmpty();
        var versions = catalog.models().versions(first.id(), 10);
        assertThat(versions).extracting(ModelVersion::version).containsExactly(2, 1);
        assertThat(versions.getFirst().createdAt()).isAfter(versions.getLast().createdAt());
        assertThat(catalog.models().versions(first.id(), 1)).hasSize(1);
    }

    @Test
    void ofTwoUpdatesThatHaveSeenTheSameVersionOneIsRefused() throws Exception {
        var model = CatalogDatabase.model(catalog);
        var updated =
                Race.of(
                        8,
                        () -> {
                            try {
                                return catalog.models()
                                        .update(model.id(), 1, CatalogDatabase.DEFINITION)
                                        .version();
                            } catch (MillraceException e) {
                                assertThat(e.code()).isEqualTo(ErrorCode.MODEL_CHANGED);
                                return 0;
                            }
                        });

        assertThat(updated).containsOnlyOnce(2).containsOnly(2, 0);
    }

    @Test
    void theModelsOfATableAreFoundByItsName() {
        var named =
                new ModelDefinition(
                        CatalogDatabase.DEFINITION.columns(), "shared", null, List.of(), null);
        var one = catalog.models().create("one", named, "ada");
        var two = catalog.models().create("two", named, "ada");
        var three = catalog.models().create("three", CatalogDatabase.DEFINITION, "ada");

        assertThat(catalog.models().ofTable("shared")).containsExactly(one, two);
        assertThat(catalog.models().ofTable(three.table())).containsExactly(three);
        assertThat(catalog.models().ofTable("nothing")).isEmpty();
    }

    @Test
    void aModelStaysWhenWhatComesBeforeItsDeletionFails() {
        var model = CatalogDatabase.model(catalog);
        var failure = new MillraceException(ErrorCode.TABLE_NOT_OURS, "not ours");

        assertThatThrownBy(() ->
                        catalog.models()
                                .delete(
                                        model.id(),
                                        () -> {
                                            throw failure;
                                        }))
                .isSameAs(failure);
        assertThat(catalog.models().find(model.name())).contains(model);

        catalog.models().delete(model.id(), () -> {});
        catalog.models()
                .delete(
                        model.id(),
                        () -> {
                            throw new AssertionError("it has been deleted before");
                        });
    }

    @Test
    void aModelMayHaveTenThousandColumns() {
        var columns =
                IntStream.range(0, 10_000)
                        .mapToObj(i -> new Column("c" + i, new ColumnType.Text()))
                        .toList();
        var definition = new ModelDefinition(columns, null, null, List.of(), null);

        assertThat(catalog.models().create("wide", definition, "ada").definition())
                .isEqualTo(definition);
    }

    @Test
    void aNameIsTakenByOneModelAtATime() {
        var first = catalog.models().create("purchases", CatalogDatabase.DEFINITION, "ada");
        assertRefused(
                ErrorCode.MODEL_EXISTS,
                () -> catalog.models().create("purchases", CatalogDatabase.DEFINITION, "bob"));

        catalog.models().delete(first.id(), () -> {});
        var second = catalog.models().create("purchases", CatalogDatabase.DEFINITION, "bob");

        assertThat(catalog.models().find("purchases")).contains(second);
    }

    @Test
    void aNameMayNotBeTheIdOfAnotherModel() {
        var id = CatalogDatabase.model(catalog).id().publicId();

        assertRefused(
                ErrorCode.MODEL_EXISTS,
                () -> catalog.models().create(id, CatalogDatabase.DEFINITION, "ada"));
    }

    @Test
    void oneOfManyWhoMakeTheSameModelAtOnceSucceeds() throws Exception {
        var made =
                Race.of(
                        8,
                        () -> {
                            try {
                                catalog.models().create("raced", CatalogDatabase.DEFINITION, "ada");
                                return true;
                            } catch (MillraceException e) {
                                assertThat(e.code()).isEqualTo(ErrorCode.MODEL_EXISTS);
                                return false;
                            }
                        });

        assertThat(made).containsOnlyOnce(true);
    }

    @Test
    void anUpdateIsANewVersionAndJobsKeepTheirs() {
        var model = CatalogDatabase.model(catalog);
        var job = CatalogDatabase.job(catalog, model);
        var changed =
                new ModelDefinition(
                        List.of(new Column("only", new ColumnType.Bool())),
                        null,
                        null,
                        List.of(),
                        null);

        var updated = catalog.models().update(model.id(), 1, changed);

        assertThat(updated.version()).isEqualTo(2);
        assertThat(updated.definition()).isEqualTo(changed);
        assertThat(catalog.models().find(model.name())).contains(updated);
        assertThat(catalog.jobs().get(job).model()).isEqualTo(model);
        assertThat(CatalogDatabase.job(catalog, updated))
                .satisfies(next -> assertThat(catalog.jobs().get(next).model()).isEqualTo(updated));
    }

    @Test
    void aModelInUseIsNotDeleted() {
        var model = CatalogDatabase.model(catalog);
        var job = CatalogDatabase.job(catalog, model);
        assertRefused(ErrorCode.MODEL_IN_USE, () -> catalog.models().delete(model.id(), () -> {}));

        catalog.jobs().cancel(job);
        catalog.models().delete(model.id(), () -> {});
        catalog.models().delete(model.id(), () -> {});

        assertThat(catalog.models().find(model.name())).isEmpty();
        assertThat(catalog.models().list(null, 10)).isEmpty();
        assertThat(catalog.jobs().get(job).model()).isEqualTo(model);
        assertRefused(
                ErrorCode.NOT_FOUND,
                () -> catalog.models().update(model.id(), 1, CatalogDatabase.DEFINITION));
        assertRefused(ErrorCode.NOT_FOUND, () -> CatalogDatabase.job(catalog, model));
    }

    @Test
    void anUnknownModelIsNotFound() {
        assertRefused(
                ErrorCode.NOT_FOUND,
                () ->
                        catalog.models()
                                .update(
                                        new ModelId(UUID.randomUUID()),
                                        1,
                                        CatalogDatabase.DEFINITION));
    }

    @Test
    void modelsAreListedByNamePageByPage() {
        for (var name : List.of("c", "a", "b")) {
            catalog.models().create(name, CatalogDatabase.DEFINITION, "ada");
        }

        assertThat(catalog.models().list(null, 2))
                .extracting(Model::name)
                .containsExactly("a", "b");
        assertThat(catalog.models().list("b", 2)).extracting(Model::name).containsExactly("c");
    }

    static void assertRefused(ErrorCode code, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        MillraceException.class, e -> assertThat(e.code()).isEqualTo(code));
    }
}
