package dev.millrace.format;

import com.ibm.icu.text.CharsetDetector;
import dev.millrace.core.Encoding;
import dev.millrace.core.ErrorCode;
import dev.millrace.core.MillraceException;
import java.io.ByteArrayOutputStream;
import java.lang.Character.UnicodeScript;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.stream.IntStream;

/// Judges text that is not UTF-16 or UTF-32: UTF-8, or one of the encodings of before Unicode.
///
/// Text in which most characters beyond ASCII are UTF-8's is UTF-8, some of it damaged: other
/// encodings look so by chance only in a few characters. Text with few characters beyond ASCII that
/// are not is UTF-8 too, since too little speaks for anything else: their records are rejected.
/// Otherwise ICU's statistics of letters and bytes decide, among the encodings in which nearly all
/// of the head is text, most of what is beyond ASCII is letters, and scripts are not mixed. When
/// none is likely, or two are about equally so and mean different characters, nothing is guessed.
/// Encodings of Latin letters have to be likelier, since under a wrong one most of a text looks
/// right.
final class LegacyEncodings {
    /// So many undecodable bytes of UTF-8 are no accident.
    private static final int LEAST_EVIDENCE = 5;

    /// How likely the likeliest has to be, of 100, as ICU gives it; and how far ahead of any that
    /// means other characters. Measured with lists of words in fifteen languages.
    private static final int LEAST_CONFIDENCE = 20;

    private static final int LEAST_LEAD = 5;
    private static final int LEAST_LATIN_CONFIDENCE = 28;
    private static final int LEAST_LATIN_LEAD = 18;

    /// So many characters beyond ASCII an encoding of Latin letters has to show.
    private static final int LEAST_LATIN_EVIDENCE = 20;

    /// So much of what is beyond ASCII has to be letters, of 100, or signs that stand in any text.
    private static final int LEAST_LETTERS = 80;

    /// So many of the runs of letters that are not Latin may touch ASCII letters, of 100.
    private static final int MOST_MIXED_WORDS = 30;

    /// The euro and pound signs, the degree, quotation marks, dashes, the ellipsis.
    private static final String USUAL_SIGNS =
            "\u20AC\u00A3\u00B0\u201C\u201D\u2018\u2019\u2013\u2014\u2026";

    /// Of the characters beyond ASCII one in so many may be undecodable.
    private static final int MOST_DAMAGE = 20;

    private static final int SHOWN_CHARACTERS = 30;

    private LegacyEncodings() {}

    /// @throws MillraceException AMBIGUOUS_ENCODING
    static Encoding find(byte[] head, int length) {
        var utf8 = Decoded.of(head, length, StandardCharsets.UTF_8);
        if (utf8.errors < LEAST_EVIDENCE || utf8.beyondAscii > utf8.errors) {
            return Encoding.UTF_8;
        }
        var possible = possible(head, length);
        if (possible.isEmpty() || !possible.getFirst().isLikely()) {
            throw ambiguous("No encoding is likely", possible);
        }
        var best = possible.getFirst();
        var isRivalled =
                possible.stream()
                        .filter(c -> c.confidence + best.leastLead() > best.confidence)
                        .anyMatch(c -> !c.text.equals(best.text));
        if (isRivalled) {
            throw ambiguous("Two encodings are about equally likely", possible);
        }
        // The same letters, and points besides, which are not looked for: Cyrillic looks like them.
        return best.encoding == Encoding.ISO_8859_8 ? Encoding.WINDOWS_1255 : best.encoding;
    }

    /// An encoding in which the head is text.
    ///
    /// @param confidence of 100
    private record Candidate(Encoding encoding, int confidence, String text) {
        boolean isLikely() {
            return isLatin()
                    ? confidence >= LEAST_LATIN_CONFIDENCE
                            && beyondAscii().count() >= LEAST_LATIN_EVIDENCE
                    : confidence >= LEAST_CONFIDENCE;
        }

        int leastLead() {
            return isLatin() ? LEAST_LATIN_LEAD : LEAST_LEAD;
        }

        private boolean isLatin() {
            var latin =
                    beyondAscii().filter(c -> UnicodeScript.of(c) == UnicodeScript.LATIN).count();
            return latin * 2 > beyondAscii().filter(Character::isLetter).count();
        }

        boolean isText() {
            return isOfLetters() && isOfWholeWords();
        }

        private boolean isOfLetters() {
            var letters =
                    beyondAscii()
                            .filter(c -> Character.isLetter(c) || USUAL_SIGNS.indexOf(c) >= 0)
                            .count();
            return letters * 100 >= beyondAscii().count() * LEAST_LETTERS;
        }

        /// Whether letters that are not Latin mostly stand beside such ones, as under a wrong
        /// encoding of several bytes they do not.
        private boolean isOfWholeWords() {
            var runs = 0;
            var mixed = 0;
            for (var at = 0; at < text.length(); at++) {
                if (!isOther(at)) {
                    continue;
                }
                var from = at;
                while (at + 1 < text.length() && isOther(at + 1)) {
                    at++;
                }
                runs++;
                mixed += isAsciiLetter(from - 1) || isAsciiLetter(at + 1) ? 1 : 0;
            }
            return mixed * 100 <= runs * MOST_MIXED_WORDS;
        }

        private boolean isOther(int at) {
            var c = text.charAt(at);
            return c >= 0x80 && Character.isLetter(c) && UnicodeScript.of(c) != UnicodeScript.LATIN;
        }

        private boolean isAsciiLetter(int at) {
            if (at < 0 || at >= text.length()) {
                return false;
            }
            var c = text.charAt(at);
            return c < 0x80 && Character.isLetter(c);
        }

        private IntStream beyondAscii() {
            return text.codePoints().filter(c -> c >= 0x80);
        }
    }

    /// Likeliest first.
    private static List<Candidate> possible(byte[] head, int length) {
        var candidates = new ArrayList<Candidate>();
        for (var match : new CharsetDetector().setText(words(head, length)).detectAll()) {
            for (var encoding : encodings(match.getName())) {
                add(candidates, encoding, match.getConfidence(), head, length);
            }
        }
        candidates.sort(Comparator.comparingInt(Candidate::confidence).reversed());
        return candidates;
    }

    private static void add(
            List<Candidate> candidates,
            Encoding encoding,
            int confidence,
            byte[] head,
            int length) {
        var decoded = Decoded.of(head, length, encoding.charset());
        var candidate = new Candidate(encoding, confidence, decoded.text);
        var isNew = candidates.stream().noneMatch(c -> c.encoding == encoding);
        if (isNew && !decoded.isDamaged() && candidate.isText()) {
            candidates.add(candidate);
        }
    }

    /// The words that are not ASCII alone: ICU looks at a few thousand bytes only, and what is
    /// ASCII speaks for whatever language it is in. No byte of a character of several bytes ends a
    /// word.
    private static byte[] words(byte[] head, int length) {
        var words = new ByteArrayOutputStream();
        for (var at = 0; at < length; ) {
            var from = at;
            var isAscii = true;
            while (at < length && !endsWord(head[at])) {
                isAscii &= head[at++] >= 0;
            }
            if (!isAscii) {
                words.write(head, from, at - from);
                words.write(' ');
            }
            at++;
        }
        return words.toByteArray();
    }

    private static boolean endsWord(byte b) {
        return b >= 0 && b < '@' && (b < '0' || b > '9');
    }

    /// What ICU may mean by a name. It tells Microsoft's encodings from ISO's, which they resemble,
    /// by whether they have characters where ISO has control codes: so a text of either may be
    /// both. What has most characters stands first, for later ones that the head does not show.
    private static List<Encoding> encodings(String name) {
        return switch (name) {
            case "ISO-8859-1", "windows-1252" ->
                    List.of(Encoding.WINDOWS_1252, Encoding.ISO_8859_15);
            case "ISO-8859-2", "windows-1250" ->
                    List.of(Encoding.WINDOWS_1250, Encoding.ISO_8859_2);
            case "ISO-8859-7", "windows-1253" ->
                    List.of(Encoding.WINDOWS_1253, Encoding.ISO_8859_7);
            case "ISO-8859-8", "ISO-8859-8-I", "windows-1255" -> List.of(Encoding.ISO_8859_8);
            case "ISO-8859-9", "windows-1254" -> List.of(Encoding.WINDOWS_1254);
            case "KOI8-R" -> List.of(Encoding.KOI8_R, Encoding.KOI8_U);
            case "UTF-8", "UTF-16BE", "UTF-16LE", "UTF-32BE", "UTF-32LE" -> List.of();
            case String other when Charset.isSupported(other) -> known(other);
            case String _ -> List.of();
        };
    }

    private static List<Encoding> known(String name) {
        var canonical = Charset.forName(name);
        return Arrays.stream(Encoding.values())
                .filter(e -> e.label().equalsIgnoreCase(name) || e.charset().equals(canonical))
                .toList();
    }

    private static MillraceException ambiguous(String what, List<Candidate> candidates) {
        var shown = new StringBuilder();
        var texts = new HashSet<String>();
        for (var c : candidates) {
            if (texts.size() == 2 || !texts.add(c.text)) {
                continue;
            }
            shown.append(
                    "%s %s, %d of 100: '%s'"
                            .formatted(
                                    shown.isEmpty() ? ":" : ",",
                                    c.encoding.label(),
                                    c.confidence,
                                    firstBeyondAscii(c.text)));
        }
        return new MillraceException(
                ErrorCode.AMBIGUOUS_ENCODING,
                "The source is not UTF-8. %s%s".formatted(what, shown),
                "Say the encoding, such as --encoding windows-1252.",
                null);
    }

    /// What stands around a text's first character beyond ASCII.
    private static String firstBeyondAscii(String text) {
        var at = 0;
        while (at < text.length() && text.charAt(at) < 0x80) {
            at++;
        }
        var from = text.lastIndexOf('\n', at) + 1;
        var start = Math.max(from, at - SHOWN_CHARACTERS / 2);
        var shown = text.substring(start, Math.min(text.length(), start + SHOWN_CHARACTERS));
        return shown.lines().findFirst().orElse("").replaceAll("\\p{Cntrl}", "·");
    }

    /// A head as a charset reads it.
    ///
    /// @param errors how often there was no character, or a control code of those beyond ASCII,
    ///   which no text has; what the head's end cuts off is none
    /// @param beyondAscii the characters that are not ASCII
    private record Decoded(String text, int errors, int beyondAscii) {
        static Decoded of(byte[] head, int length, Charset charset) {
            var decoder = charset.newDecoder();
            var in = ByteBuffer.wrap(head, 0, length);
            var out = CharBuffer.allocate(length + 1);
            var errors = 0;
            var result = decoder.decode(in, out, false);
            while (result.isError()) {
                errors++;
                in.position(in.position() + 1);
                result = decoder.decode(in, out, false);
            }
            var text = out.flip().toString();
            var ascii = (int) text.chars().filter(c -> c < 0x80).count();
            var controls = (int) text.chars().filter(c -> c >= 0x80 && c < 0xA0).count();
            return new Decoded(text, errors + controls, text.length() - ascii);
        }

        boolean isDamaged() {
            return errors * MOST_DAMAGE > beyondAscii;
        }
    }
}
