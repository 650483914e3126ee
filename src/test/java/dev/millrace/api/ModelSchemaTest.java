package dev.millrace.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.millrace.Definitions;
import dev.millrace.core.ModelDefinition;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class ModelSchemaTest {
    @Test
    void whatComesBackIsTheSameDefinitionWhenItIsSentAgain() throws IOException {
        for (var seed = 0; seed < 500; seed++) {
            var definition = Definitions.random(seed);
            var document = Json.bytes(ModelSchema.view(definition));
            assertThat(ModelSchema.parse(new JsonMapper().readTree(document)))
                    .as("seed %d", seed)
                    .isEqualTo(definition);
        }
    }

    @Test
    void nothingIsAssumedOfHowAnExistingTableIsSorted() throws IOException {
        var made = parse("{'columns': {'event_id': 'String'}, 'key': ['event_id']}");
        assertThat(made.orderBy()).containsExactly("event_id");
        var existing =
                parse(
                        "{'columns': {'event_id': 'String'}, 'key': ['event_id'], 'table': 'd.t',"
                                + " 'existingTable': true}");
        assertThat(existing.orderBy()).isEmpty();
    }

    private static ModelDefinition parse(String json) throws IOException {
        return ModelSchema.parse(new JsonMapper().readTree(json.replace('\'', '"')));
    }
}
