package dev.millrace.bench;

/// A way that a file takes into a table.
enum Way {
    FILE("a", "ClickHouse: INSERT … SELECT FROM file('…')"),
    HTTP("b", "ClickHouse: INSERT … FORMAT … by curl"),
    MILLRACE("c", "Millrace: first byte uploaded by curl to SUCCESS");

    private final String letter;
    private final String title;

    Way(String letter, String title) {
        this.letter = letter;
        this.title = title;
    }

    String letter() {
        return letter;
    }

    String title() {
        return title;
    }
}
