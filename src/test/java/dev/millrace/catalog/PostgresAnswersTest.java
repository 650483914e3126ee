package dev.millrace.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.core.AnswerCatalog;
import dev.millrace.core.Catalog;
import dev.millrace.core.Cause;
import dev.millrace.core.ErrorCode;
import dev.millrace.core.KeptAnswer;
import dev.millrace.core.KeyedRequest;
import dev.millrace.core.KeyedRequest.Answered;
import dev.millrace.core.KeyedRequest.Other;
import dev.millrace.core.KeyedRequest.Running;
import dev.millrace.core.KeyedRequest.Turn;
import dev.millrace.core.LoadOptions;
import dev.millrace.core.Model;
import dev.millrace.core.NewJob;
import dev.millrace.core.SourceOptions;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// A request is one party's at a time, and what it makes is made once, however often it is begun.
class PostgresAnswersTest {
    private static final Duration SILENCE = Duration.ofMinutes(1);
    private static final KeyedRequest REQUEST = new KeyedRequest("ada", "key", "abc");

    private final CatalogDatabase database = CatalogDatabase.emptied();
    private final Catalog catalog = database.catalog();
    private final AnswerCatalog answers = catalog.answers();

    @BeforeEach
    void forget() {
        database.sql("truncate answer");
    }

    private Turn begin(KeyedRequest request) {
        return (Turn) answers.begin(request, "server/1", SILENCE);
    }

    private static KeptAnswer answer(String body) {
        return new KeptAnswer(
                201, "text/plain", "/there", "\"1\"", body.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void anAnswerIsGivenAgain() {
        var turn = begin(REQUEST);
        assertThat(answers.begin(REQUEST, "server/2", SILENCE)).isEqualTo(new Running());
        assertThat(answers.keep(turn, answer("made"))).isTrue();

        var again = (Answered) answers.begin(REQUEST, "server/2", SILENCE);

        assertThat(again.answer()).usingRecursiveComparison().isEqualTo(answer("made"));
    }

    @Test
    void aKeyStandsForOneRequestOfOneSubject() {
        begin(REQUEST);
        assertThat(answers.begin(new KeyedRequest("ada", "key", "abd"), "server/1", SILENCE))
                .isEqualTo(new Other());
        begin(new KeyedRequest("bob", "key", "abd"));
        begin(new KeyedRequest("ada", "key2", "abd"));
    }

    @Test
    void whatWasGivenUpIsBegunAnewUnderTheSameName() {
        var first = begin(REQUEST);
        answers.giveUp(first);

        var second = begin(REQUEST);

        assertThat(second).isEqualTo(new Turn(first.request(), 2));
        assertThat(answers.begin(new KeyedRequest("ada", "key", "abd"), "server/1", SILENCE))
                .isEqualTo(new Other());
    }

    @Test
    void whoeverIsSilentLosesItsTurnAndCanSayNothingMore() {
        var frozen = begin(REQUEST);
        database.sql("update answer set alive_at = now() - interval '59 seconds'");
        assertThat(answers.begin(REQUEST, "server/2", SILENCE)).isEqualTo(new Running());
        database.sql("update answer set alive_at = now() - interval '61 seconds'");
        assertThat(answers.touch(frozen)).isTrue();
        assertThat(answers.begin(REQUEST, "server/2", SILENCE)).isEqualTo(new Running());
        database.sql("update answer set alive_at = now() - interval '61 seconds'");

        var second = (Turn) answers.begin(REQUEST, "server/2", SILENCE);

        assertThat(answers.touch(frozen)).isFalse();
        assertThat(answers.keep(frozen, answer("late"))).isFalse();
        answers.giveUp(frozen);
        assertThat(answers.begin(REQUEST, "server/3", SILENCE)).isEqualTo(new Running());
        assertThat(answers.keep(second, answer("in time"))).isTrue();
        assertThat(answers.keep(frozen, answer("late"))).isFalse();
    }

    @Test
    void theRequestsOfAProcessThatIsGoneAreFreeAtOnce() {
        begin(REQUEST);
        catalog.jobs().releaseAll("another/");
        assertThat(answers.begin(REQUEST, "server/2", SILENCE)).isEqualTo(new Running());

        catalog.jobs().releaseAll("server/");

        assertThat(begin(REQUEST).term()).isEqualTo(2);
    }

    @Test
    void answersAreForgottenWithTime() {
        answers.keep(begin(REQUEST), answer("old"));
        var young = new KeyedRequest("ada", "young", "abc");
        answers.keep(begin(young), answer("young"));
        database.sql("update answer set alive_at = now() - interval '25 hours' where key = 'key'");

        assertThat(answers.expire(Duration.ofHours(24))).isEqualTo(1);

        assertThat(begin(REQUEST).term()).isEqualTo(1);
        assertThat(answers.begin(young, "server/1", SILENCE)).isInstanceOf(Answered.class);
    }

    private static NewJob wanted(Model model, UUID request) {
        return new NewJob(
                model, "a.csv", SourceOptions.DETECT, LoadOptions.DEFAULT, null, "ada", request);
    }

    @Test
    void aRequestMakesOneJob() {
        var model = CatalogDatabase.model(catalog);
        var request = UUID.randomUUID();
        var made = catalog.jobs().create(wanted(model, request));
        catalog.jobs().cancel(made.id());

        assertThat(catalog.jobs().create(wanted(model, request)))
                .isEqualTo(catalog.jobs().get(made.id()));
        assertThat(catalog.jobs().create(wanted(model, UUID.randomUUID())).id())
                .isNotEqualTo(made.id());
    }

    @Test
    void aRequestMakesOneJobWhenItIsDoneTwiceAtTheSameTime() throws Exception {
        var model = CatalogDatabase.model(catalog);
        var request = UUID.randomUUID();

        var made = Race.of(2, () -> catalog.jobs().create(wanted(model, request)).id());

        assertThat(made.get(0)).isEqualTo(made.get(1));
    }

    @Test
    void aJobWhoseSourceDidNotArriveIsMadeAnew() {
        var model = CatalogDatabase.model(catalog);
        var request = UUID.randomUUID();
        var broken = catalog.jobs().create(wanted(model, request));
        catalog.jobs().fail(broken.id(), new Cause(ErrorCode.UPLOAD_INTERRUPTED, "gone", null));

        var again = catalog.jobs().create(wanted(model, request));

        assertThat(again.id()).isNotEqualTo(broken.id());
        assertThat(catalog.jobs().create(wanted(model, request)).id()).isEqualTo(again.id());
    }

    @Test
    void aRequestMakesOneModel() {
        var request = UUID.randomUUID();
        var made = catalog.models().create("once", CatalogDatabase.DEFINITION, "ada", request);

        assertThat(catalog.models().create("once", CatalogDatabase.DEFINITION, "ada", request))
                .isEqualTo(made);

        catalog.models().delete(made.id(), () -> {});
        assertThat(catalog.models().create("once", CatalogDatabase.DEFINITION, "ada", request).id())
                .isNotEqualTo(made.id());
    }
}
