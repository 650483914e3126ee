package dev.millrace.cli;

import static dev.millrace.cli.Answers.json;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `millrace load`, `model infer` and `preview`: from a file to a table.
class LoadTest {
    private static final String INFER = "POST /api/v1/models/infer?name=";
    private static final String PROPOSAL =
            """
            {"model": {"name": "shop", "schema": {"columns": [
                {"name": "id", "type": "UInt32"},
                {"name": "colour", "type": "LowCardinality(String)"}], "table": null,
                "orderBy": ["id"]}},
             "reading": {}, "rows": 2000, "damaged": 1, "rejected": 2,
             "damagedExamples": [{"row": 7, "text": "x"}],
             "orderedBy": "'id' tells rows apart",
             "columns": [
               {"name": "id", "field": "id", "type": "UInt32", "why": "whole numbers",
                "excluded": "row 3: '70000' does not fit UInt16", "values": 1999, "empty": 0,
                "nulls": {}, "distinct": 1999, "least": "1", "greatest": "70000",
                "longestBytes": 5, "misfits": 1, "examples": [{"row": 9, "text": "oops"}],
                "notes": ["One field does not fit, and its row will be rejected: row 9: 'oops'."]},
               {"name": "colour", "field": "colour", "type": "LowCardinality(String)",
                "why": "texts", "excluded": null, "values": 1990, "empty": 10, "nulls": {},
                "distinct": 3, "least": null, "greatest": null, "longestBytes": 5, "misfits": 0,
                "examples": [], "notes": []}],
             "notes": []}\
            """;
    private static final String SHOP =
            """
            {"id": "a1b2c3d4", "name": "shop", "version": 3, "table": "shop",
             "schema": {"columns": [{"name": "id", "type": "UInt32"}], "table": "shop"}}\
            """;

    @TempDir Path folder;

    private CommandRun cli;

    @BeforeEach
    void start() {
        cli = new CommandRun(folder);
    }

    @AfterEach
    void close() {
        cli.close();
    }

    private void models(String... models) {
        cli.server.on(
                "GET /api/v1/models?limit=1000",
                "{\"items\": [%s], \"next\": null}".formatted(String.join(",", models)));
    }

    private void jobs() {
        cli.server
                .on("POST /api/v1/jobs", Answers.RUNNING)
                .on("PUT /api/v1/jobs/e5f6a7b8/source", Answers.SUCCESS)
                .on(Answers.JOB, Answers.SUCCESS);
    }

    @Test
    void aProposalIsShownWithWhatLedToItAndWrittenAsAModel() throws Exception {
        cli.server.on(INFER + "s.csv&delimiter=tab", PROPOSAL);
        var file = cli.file("s.csv", "id\n1\n");
        var output = folder.resolve("m.json");
        var ran = cli.run("model", "infer", file, "--delimiter", "tab", "-o", output.toString());
        assertThat(ran.code()).as(ran.err()).isZero();
        assertThat(ran.out())
                .isEqualTo(
                        """
                        COLUMN  TYPE                    WHY
                        id      UInt32                  whole numbers from 1 to 70000; row 3: '70000' does not fit UInt16
                        colour  LowCardinality(String)  texts; 3 different ones; 10 empty
                        sorted by: id ('id' tells rows apart)
                        id: One field does not fit, and its row will be rejected: row 9: 'oops'.
                          row 7: 'x'
                        2,000 rows read; 2 of them would be rejected.
                        """);
        assertThat(json(Files.readString(output)).at("/columns/0/name").asText()).isEqualTo("id");
        assertThat(cli.server.asked().getFirst().text()).isEqualTo("id\n1\n");
    }

    @Test
    void aTableWithoutAModelGetsTheProposedOneOnceThatIsConfirmed() {
        models();
        cli.server.on(INFER + "shop", PROPOSAL).on("POST /api/v1/models", SHOP);
        jobs();
        var file = cli.file("s.csv", "id\n1\n");

        var refused = cli.run("load", file, "--into", "shop");
        assertThat(refused.code()).isEqualTo(1);
        assertThat(refused.out()).contains("colour", "2 of them would be rejected");
        assertThat(refused.err()).contains("--yes");
        assertThat(cli.server.requests()).doesNotContain("POST /api/v1/models");

        cli.live = true;
        cli.in = new ByteArrayInputStream("n\n".getBytes(StandardCharsets.UTF_8));
        assertThat(cli.run("load", file, "--into", "shop").code()).isEqualTo(1);
        assertThat(cli.server.requests()).doesNotContain("POST /api/v1/models");
        cli.live = false;

        var ran = cli.run("load", file, "--into", "shop", "--yes", "--dry-run");
        assertThat(ran.out()).as(ran.err()).contains("job e5f6a7b8 created.");
        assertThat(body("POST /api/v1/models")).contains("\"name\":\"shop\"", "\"table\":\"shop\"");
        assertThat(body("POST /api/v1/jobs")).contains("\"model\":\"a1b2c3d4\"", "\"dryRun\":true");
    }

    private String body(String request) {
        return cli.server.asked().stream()
                .filter(asked -> asked.request().equals(request))
                .findFirst()
                .orElseThrow()
                .text();
    }

    @Test
    void columnsThatTheModelLacksAreRefusedAddedOrIgnored() {
        models("{\"id\": \"9\", \"name\": \"other\", \"table\": \"other\"}", SHOP);
        cli.server
                .on(
                        "POST /api/v1/preview?model=a1b2c3d4",
                        "{\"ignoredColumns\": [\"colour\"], \"rows\": []}")
                .on(INFER + "shop", PROPOSAL)
                .on("PUT /api/v1/models/a1b2c3d4", SHOP);
        jobs();
        var file = cli.file("s.csv", "id,colour\n1,red\n");

        var refused = cli.run("load", file, "--into", "shop");
        assertThat(refused.code()).isEqualTo(1);
        assertThat(refused.err()).contains("colour", "--evolve add", "--evolve ignore");
        assertThat(cli.server.requests()).doesNotContain("POST /api/v1/jobs");

        cli.run("load", file, "--into", "shop", "--evolve", "ignore");
        assertThat(cli.server.requests())
                .contains("POST /api/v1/jobs")
                .doesNotContain("PUT /api/v1/models/a1b2c3d4");

        var added = cli.run("load", file, "--into", "shop", "--evolve", "add", "--yes");
        assertThat(added.out()).contains("+  colour  LowCardinality(Nullable(String))");
        assertThat(body("PUT /api/v1/models/a1b2c3d4"))
                .contains("\"type\":\"LowCardinality(Nullable(String))\"");
        assertThat(
                        cli.server.asked().stream()
                                .filter(a -> a.request().startsWith("PUT /api/v1/models"))
                                .findFirst()
                                .orElseThrow()
                                .header("If-match"))
                .isEqualTo("\"3\"");

        assertThat(cli.run("load", file, "--into", "shop", "--evolve", "perhaps").code())
                .isEqualTo(2);
    }

    @Test
    void standardInputNeedsAModel() {
        models();
        var ran = cli.run("load", "-", "--into", "shop", "--yes");
        assertThat(ran.code()).isEqualTo(1);
        assertThat(ran.err()).contains("cannot be read twice", "model infer");
    }

    private static final String NAMED =
            SHOP.replace("\"table\": \"shop\"", "\"table\": \"data_a1b2c3d4\"");

    @Test
    void aModelIsFoundByItsNameWhereNoneHasTheTable() {
        models(NAMED);
        assertThat(modelOfAJobInto("shop")).isEqualTo("a1b2c3d4");
    }

    @Test
    void aModelOfTheTableComesBeforeOneOfThatName() {
        models(NAMED, SHOP.replace("a1b2c3d4", "b2c3d4e5").replace("\"shop\", ", "\"x\", "));
        assertThat(modelOfAJobInto("shop")).isEqualTo("b2c3d4e5");
    }

    private String modelOfAJobInto(String table) {
        jobs();
        cli.server.on("PUT /api/v1/jobs/e5f6a7b8/source?resumable=false", Answers.SUCCESS);
        cli.in = new ByteArrayInputStream("id\n1\n".getBytes(StandardCharsets.UTF_8));
        var ran = cli.run("load", "-", "--into", table);
        assertThat(ran.code()).as(ran.err()).isZero();
        return json(body("POST /api/v1/jobs")).path("model").asText();
    }

    @Test
    void aPreviewIsATableWithTheProblemsBelow() {
        cli.server.on(
                "POST /api/v1/preview?model=shop&columns=*",
                """
                {"reading": {"format": "csv", "confidence": 100, "reasons": [], "encoding": "utf-8", "compression": "gzip", "delimiter": ",",
                             "quote": "none"},
                 "whole": true, "inferred": false, "schema": {}, "ignoredColumns": ["x"],
                 "columns": [{"name": "id", "type": "UInt8"}, {"name": "b", "type": "String"}],
                 "rows": [
                   {"row": 1, "stored": true, "cells": ["1", null], "problems": []},
                   {"row": 2, "stored": false, "cells": ["oops", "tab\\there"],
                    "problems": [{"column": "id", "error": "NOT_AN_INTEGER", "observed": "oops",
                                  "message": "'oops' is not a whole number"}]}]}\
                """);
        var ran = cli.run("preview", cli.file("s.csv", "1,2\n"), "--model", "shop", "--no-header");
        assertThat(ran.code()).as(ran.err()).isZero();
        assertThat(ran.out())
                .isEqualTo(
                        """
                        read as: csv in utf-8, packed as gzip, delimiter ',', quote none
                        model: as given
                        not in the model, so ignored: 'x'
                           ROW  id     b
                                UInt8  String
                           1    1      NULL
                        !  2    oops   tab·here
                        row 2, id: 'oops' is not a whole number (NOT_AN_INTEGER)
                        Rows marked with ! would be rejected.
                        """);
    }

    @Test
    void ofASourceWhoseHeadTellsNothingTheWholeIsSent() throws Exception {
        var answer =
                """
                {"reading": {"format": "parquet", "confidence": 100, "reasons": [],
                             "encoding": "utf-8", "compression": "none"},
                 "whole": false, "inferred": true, "schema": {}, "ignoredColumns": [],
                 "columns": [{"name": "id", "type": "UInt8"}], "rows": []}\
                """;
        cli.server
                .on(
                        "POST /api/v1/preview?whole=false",
                        422,
                        "application/problem+json",
                        "{\"detail\": \"no\", \"code\": \"SOURCE_INCOMPLETE\"}")
                .on("POST /api/v1/preview", answer);
        var content = "x".repeat(3 << 20);
        var ran = cli.run("preview", cli.file("p.parquet", content));
        assertThat(ran.code()).as(ran.err()).isZero();
        assertThat(cli.server.asked().getFirst().body()).hasSize(1 << 20);
        assertThat(cli.server.asked().getLast().text()).isEqualTo(content);
    }

    private static String columns(String... rows) {
        return "{\"data\": [%s]}".formatted(String.join(",", rows));
    }

    private static String column(String name, String type, String kind) {
        return "{\"name\": \"%s\", \"type\": \"%s\", \"default_kind\": \"%s\"}"
                .formatted(name, type, kind);
    }

    @Test
    void aTableOfTheUsersOwnGivesItsModelColumnsAndTypes() {
        models();
        cli.server
                .on(INFER + "db.shop", PROPOSAL)
                .on(
                        "POST /api/v1/sql?format=JSON",
                        columns(
                                column("Colour", "FixedString(8)", ""),
                                column("id", "UInt64", ""),
                                column("loaded", "DateTime", "DEFAULT"),
                                column("note", "Nullable(String)", "")))
                .on("POST /api/v1/models", SHOP);
        jobs();
        var ran = cli.run("load", cli.file("s.csv", "id\n"), "--into", "db.shop", "--yes");
        assertThat(ran.code()).as(ran.err()).isZero();
        assertThat(body("POST /api/v1/sql?format=JSON"))
                .contains("database = 'db' AND table = 'shop'");
        assertThat(body("POST /api/v1/models"))
                .contains(
                        "\"table\":\"db.shop\",\"existingTable\":true,\"columns\":["
                                + "{\"name\":\"Colour\",\"type\":\"FixedString(8)\",\"sourceNames\":[\"colour\"]},"
                                + "{\"name\":\"id\",\"type\":\"UInt64\"}]");
    }

    @Test
    void whatATableOfTheUsersOwnCannotTakeIsRefusedWithTheReason() {
        models();
        cli.server
                .on(INFER + "db.shop", PROPOSAL)
                .on(
                        "POST /api/v1/sql?format=JSON",
                        columns(column("id", "UInt64", ""), column("at", "DateTime", "")))
                .on("POST /api/v1/sql?format=JSON", columns(column("id", "UInt64", "")))
                .on("POST /api/v1/sql?format=JSON", columns(column("id", "UInt64", "")))
                .on("POST /api/v1/sql?format=JSON", columns());
        var file = cli.file("s.csv", "id\n");
        var missing = cli.run("load", file, "--into", "db.shop", "--yes");
        assertThat(missing.err()).contains("lacks columns of the table db.shop", "at");
        for (var how : List.of("refuse", "add")) {
            var ran = cli.run("load", file, "--into", "db.shop", "--yes", "--evolve", how);
            assertThat(ran.err()).contains("colour", "ALTER TABLE", "--evolve ignore");
        }
        var absent = cli.run("load", file, "--into", "db.shop", "--yes");
        assertThat(absent.err()).contains("There is no table db.shop");
        assertThat(cli.server.requests()).doesNotContain("POST /api/v1/models");
    }

    @Test
    void columnsAreAddedToAModelThatRejectsUnknownOnes() {
        models(SHOP.replace("\"schema\": {", "\"schema\": {\"unknownColumns\": \"reject\", "));
        cli.server.on(INFER + "shop", PROPOSAL).on("PUT /api/v1/models/a1b2c3d4", SHOP);
        jobs();
        var file = cli.file("s.csv", "id,colour\n1,red\n");
        var ran = cli.run("load", file, "--into", "shop", "--evolve", "add", "--yes");
        assertThat(ran.code()).as(ran.err()).isZero();
        assertThat(body("PUT /api/v1/models/a1b2c3d4")).contains("colour", "reject");
    }

    @Test
    void ofJsonThatIsNotWhollyLookedAtThatIsSaid() {
        models(SHOP);
        cli.server.on(
                "POST /api/v1/preview?model=a1b2c3d4",
                """
                {"reading": {"format": "jsonl"}, "whole": false, "ignoredColumns": [], "rows": []}\
                """);
        jobs();
        var ran = cli.run("load", cli.file("s.jsonl", "{}\n"), "--into", "shop");
        assertThat(ran.out()).contains("Only the keys of the first records");
    }

    @Test
    void aModelThatADryRunHasMadeIsSaidToStay() {
        models();
        cli.server.on(INFER + "shop", PROPOSAL).on("POST /api/v1/models", SHOP);
        jobs();
        var file = cli.file("s.csv", "id\n1\n");
        var ran = cli.run("load", file, "--into", "shop", "--yes", "--dry-run");
        assertThat(ran.out()).contains("was made for this dry run", "millrace model delete shop");
    }

    @Test
    void anObjectOfAnS3IsFetchedByTheServer() {
        models(SHOP);
        var fetched = "connection=lake&uri=s3%3A%2F%2Fb%2Fk%2Fshop.csv";
        cli.server
                .on(
                        "POST /api/v1/preview?" + fetched + "&model=a1b2c3d4",
                        "{\"ignoredColumns\": [], \"reading\": {}, \"whole\": true}")
                .on("POST /api/v1/jobs", Answers.SUCCESS);
        var ran = cli.run("load", "s3://b/k/shop.csv", "--into", "shop", "--connection", "lake");
        assertThat(ran.code()).as(ran.err()).isZero();
        assertThat(json(cli.server.asked().getLast().text()))
                .isEqualTo(
                        json(
                                """
                                {"model": "a1b2c3d4",
                                 "source": {"connection": "lake", "uri": "s3://b/k/shop.csv"}}\
                                """));
    }

    @Test
    void anObjectOfAnS3NeedsAConnectionAndAFileTakesNone() {
        models(SHOP);
        assertThat(cli.run("load", "s3://b/shop.csv", "--into", "shop").err())
                .contains("--connection");
        var file = cli.file("shop.csv", "id\n1\n");
        assertThat(cli.run("preview", file, "--connection", "lake").err()).contains("s3://");
    }
}
