package dev.millrace.format;

import static dev.millrace.core.Encoding.BIG5;
import static dev.millrace.core.Encoding.EUC_JP;
import static dev.millrace.core.Encoding.EUC_KR;
import static dev.millrace.core.Encoding.GB18030;
import static dev.millrace.core.Encoding.IBM866;
import static dev.millrace.core.Encoding.ISO_8859_1;
import static dev.millrace.core.Encoding.ISO_8859_2;
import static dev.millrace.core.Encoding.ISO_8859_5;
import static dev.millrace.core.Encoding.ISO_8859_6;
import static dev.millrace.core.Encoding.ISO_8859_7;
import static dev.millrace.core.Encoding.ISO_8859_8;
import static dev.millrace.core.Encoding.KOI8_R;
import static dev.millrace.core.Encoding.SHIFT_JIS;
import static dev.millrace.core.Encoding.UTF_8;
import static dev.millrace.core.Encoding.WINDOWS_1250;
import static dev.millrace.core.Encoding.WINDOWS_1251;
import static dev.millrace.core.Encoding.WINDOWS_1252;
import static dev.millrace.core.Encoding.WINDOWS_1253;
import static dev.millrace.core.Encoding.WINDOWS_1254;
import static dev.millrace.core.Encoding.WINDOWS_1255;
import static dev.millrace.core.Encoding.WINDOWS_1256;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.core.Encoding;
import dev.millrace.core.ErrorCode;
import dev.millrace.core.MillraceException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class EncodingDetectorTest {
    private static final String GERMAN =
            "Müller München Größe Straße Käufer schön über Fußgänger Äpfel Österreich";
    private static final String FRENCH =
            "éléphant français garçon où être déjà hôtel Noël cœur élève";
    private static final String SPANISH =
            "niño mañana corazón España camión señor árbol también qué número";
    private static final String POLISH = "źródło żółty ćma łódź święty gęś ręka mąż śnieg książka";
    private static final String CZECH =
            "příliš žluťoučký kůň úpěl ďábelské ódy řeka město šest čtyři";
    private static final String HUNGARIAN =
            "árvíztűrő tükörfúrógép őrült űrhajó könyv kérdés város út öt nő";
    private static final String RUSSIAN =
            "Москва улица дом привет человек город работа время рука день";
    private static final String GREEK =
            "Αθήνα δρόμος σπίτι γεια άνθρωπος πόλη δουλειά χρόνος χέρι ημέρα";
    private static final String TURKISH =
            "İstanbul şehir ağaç çocuk güneş öğretmen ışık kırmızı yıldız değil";
    private static final String HEBREW = "שלום ירושלים בית ספר עיר רחוב יום עבודה אדם זמן";
    private static final String ARABIC = "مدينة شارع بيت كتاب يوم عمل انسان وقت مدرسة القاهرة";
    private static final String CHINESE = "编号 说明 北京 城市 街道 工作 时间 学校 中国 名称";
    private static final String TAIWANESE = "編號 說明 臺北 城市 街道 工作 時間 學校 臺灣 名稱";
    private static final String JAPANESE = "東京都 名前 住所 会社 電話番号 こんにちは カタカナ 日本語 株式会社 商品";
    private static final String KOREAN = "서울 이름 주소 회사 전화번호 안녕하세요 도시 시간 학교 사람";

    /// A table of words, as somebody has written it.
    private record Written(String words, Encoding encoding, int rows) {
        String text() {
            var all = words.split(" ", -1);
            var random = new Random(rows);
            var text = new StringBuilder("id,name,city,amount\n");
            for (var row = 0; row < rows; row++) {
                text.append(row).append(',').append(all[random.nextInt(all.length)]);
                text.append(',').append(all[random.nextInt(all.length)]).append(' ');
                text.append(all[random.nextInt(all.length)]).append(',');
                text.append(random.nextInt(10_000) / 100.0).append('\n');
            }
            return text.toString();
        }

        byte[] bytes() {
            return text().getBytes(encoding.charset());
        }
    }

    static Stream<Written> tables() {
        return Stream.of(
                        of(GERMAN, WINDOWS_1252, ISO_8859_1),
                        of(FRENCH, WINDOWS_1252),
                        of(SPANISH, WINDOWS_1252, ISO_8859_1),
                        of(POLISH, WINDOWS_1250, ISO_8859_2),
                        of(CZECH, WINDOWS_1250, ISO_8859_2),
                        of(HUNGARIAN, WINDOWS_1250, ISO_8859_2),
                        of(RUSSIAN, WINDOWS_1251, KOI8_R, IBM866, ISO_8859_5),
                        of(GREEK, WINDOWS_1253, ISO_8859_7),
                        of(TURKISH, WINDOWS_1254),
                        of(HEBREW, WINDOWS_1255, ISO_8859_8),
                        of(ARABIC, WINDOWS_1256, ISO_8859_6),
                        of(CHINESE, GB18030),
                        of(TAIWANESE, BIG5),
                        of(JAPANESE, SHIFT_JIS, EUC_JP),
                        of(KOREAN, EUC_KR))
                .flatMap(s -> s);
    }

    private static Stream<Written> of(String words, Encoding... encodings) {
        return Stream.of(encodings)
                .flatMap(e ->
                        Stream.of(2, 3, 5, 10, 30, 100, 300)
                                .map(rows -> new Written(words, e, rows)));
    }

    @ParameterizedTest
    @MethodSource("tables")
    void whatIsFoundReadsEveryCharacterOrItIsRefused(Written written) {
        var bytes = written.bytes();
        try {
            var found = EncodingDetector.detect(bytes, bytes.length, null).encoding();
            if (found != UTF_8) { // or else the records are rejected
                assertThat(new String(bytes, found.charset())).isEqualTo(written.text());
            }
        } catch (MillraceException e) {
            assertThat(e.code()).isEqualTo(ErrorCode.AMBIGUOUS_ENCODING);
        }
    }

    static Stream<Written> plainCases() {
        return Stream.of(
                        new Written(GERMAN, WINDOWS_1252, 0),
                        new Written(SPANISH, WINDOWS_1252, 0),
                        new Written(POLISH, WINDOWS_1250, 0),
                        new Written(RUSSIAN, WINDOWS_1251, 0),
                        new Written(RUSSIAN, KOI8_R, 0),
                        new Written(RUSSIAN, ISO_8859_5, 0),
                        new Written(HEBREW, WINDOWS_1255, 0),
                        new Written(GREEK, WINDOWS_1253, 0),
                        new Written(ARABIC, WINDOWS_1256, 0),
                        new Written(ARABIC, ISO_8859_6, 0),
                        new Written(CHINESE, GB18030, 0),
                        new Written(TAIWANESE, BIG5, 0),
                        new Written(JAPANESE, SHIFT_JIS, 0),
                        new Written(JAPANESE, EUC_JP, 0),
                        new Written(KOREAN, EUC_KR, 0))
                .flatMap(w -> Stream.of(30, 300).map(n -> new Written(w.words(), w.encoding(), n)));
    }

    @ParameterizedTest
    @MethodSource("plainCases")
    void theCommonOnesAreFound(Written written) {
        assertThat(detected(written.bytes())).isEqualTo(written.encoding());
    }

    /// A head that is mostly English says nothing of what the few other words are written in.
    @ParameterizedTest
    @MethodSource("tables")
    void asciiAroundItDoesNotMakeAnEncodingLikelier(Written written) {
        var english = "id,the name of the person and what was said about it\n".repeat(300);
        var text = english + written.text();
        var bytes = text.getBytes(written.encoding().charset());
        try {
            var found = detected(bytes);
            if (found != UTF_8) {
                assertThat(new String(bytes, found.charset())).isEqualTo(text);
            }
        } catch (MillraceException e) {
            assertThat(e.code()).isEqualTo(ErrorCode.AMBIGUOUS_ENCODING);
        }
    }

    /// Microsoft's encodings and ISO's have most letters in common, not all.
    @Test
    void siblingsThatMeanOtherCharactersAreNotTakenForEachOther() {
        for (var written :
                List.of(
                        new Written("Άρης Άννα Άγιος δρόμος σπίτι", WINDOWS_1253, 100),
                        new Written("Άρης Άννα Άγιος δρόμος σπίτι", ISO_8859_7, 100),
                        new Written("mąka wąż ręka był być", WINDOWS_1250, 100),
                        new Written("mąka wąż ręka był być", ISO_8859_2, 100),
                        new Written("cœur œil sœur été Noël", Encoding.ISO_8859_15, 100),
                        new Written("їжа їхати єдність місто дім", Encoding.KOI8_U, 100))) {
            whatIsFoundReadsEveryCharacterOrItIsRefused(written);
        }
    }

    @Test
    void whatIsNotLikelyIsShownAsItWouldBeRead() {
        var bytes = new Written(TURKISH, WINDOWS_1254, 30).bytes();
        assertThatThrownBy(() -> detected(bytes))
                .isInstanceOfSatisfying(
                        MillraceException.class,
                        e -> {
                            assertThat(e.code()).isEqualTo(ErrorCode.AMBIGUOUS_ENCODING);
                            assertThat(e.what()).contains("windows-1252", "of 100: '");
                            assertThat(e.remedy()).contains("--encoding");
                        });
    }

    @Test
    void utf8WithSomeDamageIsUtf8() {
        var text = "id,name\n" + "1,Größe\n2,été\n".repeat(20);
        var bytes = text.getBytes(StandardCharsets.UTF_8);
        for (var damaged = 0; damaged < 10; damaged++) {
            bytes[20 + damaged * 18] = (byte) 0xFF;
        }
        assertThat(detected(bytes)).isEqualTo(UTF_8);
    }

    @Test
    void aFewOddBytesInAsciiAreUtf8WhoseRecordsAreRejected() {
        var bytes = "id,name\n1,Gr\u00f6\u00dfe\n2,a\n".getBytes(StandardCharsets.ISO_8859_1);
        assertThat(detected(bytes)).isEqualTo(UTF_8);
    }

    @Test
    void whatTheCallerSaysIsNotDoubted() {
        var bytes = new Written(TURKISH, WINDOWS_1254, 30).bytes();
        for (var encoding : List.of(WINDOWS_1254, ISO_8859_2, UTF_8)) {
            assertThat(EncodingDetector.detect(bytes, bytes.length, encoding).encoding())
                    .isEqualTo(encoding);
        }
    }

    private static Encoding detected(byte[] bytes) {
        return EncodingDetector.detect(bytes, bytes.length, null).encoding();
    }
}
