package dev.ringshot.abi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ringshot.abi.Vocabulary.Word;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The words of this module against the C headers of Linux 7.3, as gcc understands them.
final class HeaderTest {
  private final Vocabulary words = new Vocabulary();

  /// What no header has, and why.
  private static final Map<String, String> UNCONFIRMED =
      Map.of("Errno.EIOCBQUEUED", "is the kernel's own: its headers do not export it");

  /// What Linux leaves to the C library: names of the socket calls.
  private static final List<String> OF_LIBC = List.of("Socket", "Msghdr");

  /// What newer headers may have more of: bits of masks, numbers of things, sizes.
  private static boolean mayGrow(String key) {
    return key.endsWith("_LAST") || key.endsWith("_MASK") || key.endsWith("SIZE");
  }

  /// Names that begin like ours and are not ours.
  private static final Pattern OTHERS = Pattern.compile("IORING_ZCRX_\\w*|\\w+_H|IO_URING_BPF\\w*");

  @ParameterizedTest
  @ValueSource(strings = {"x86_64-linux-gnu", "aarch64-linux-gnu"})
  void constantsAndOffsetsAreThoseOfC(String triplet) {
    Map<String, String> questions = new LinkedHashMap<>();
    for (Word word : words.words()) questions.put(word.key(), word.expression());
    for (String key : List.of("O_DIRECT", "O_DIRECTORY", "O_NOFOLLOW", "O_LARGEFILE")) {
      if (!triplet.startsWith(architecture())) questions.remove("Fcntl." + key); // has its own test
    }

    KernelHeaders linux = KernelHeaders.of(triplet);
    Map<String, Long> confirmed = new TreeMap<>(linux.evaluate(questions));
    Map<String, String> left = new LinkedHashMap<>(questions);
    left.keySet().removeAll(confirmed.keySet());
    Map<String, Long> confirmedByLibc = KernelHeaders.ofLibc().evaluate(left);
    left.keySet().removeAll(confirmedByLibc.keySet());

    report(linux.name(), questions, confirmed, confirmedByLibc, left);
    List<String> wrong = new ArrayList<>();
    confirmed.putAll(confirmedByLibc);
    for (var answer : confirmed.entrySet()) {
      Word word = words.word(answer.getKey());
      if (word.agrees(answer.getValue())) continue;
      String difference = word.key() + " is " + word.value() + ", in C " + answer.getValue();
      if (linux.isNewer() && mayGrow(word.key())) {
        System.out.println(linux.name() + " has grown: " + difference);
      } else {
        wrong.add(difference);
      }
    }
    assertEquals(List.of(), wrong);
    assertEquals(new TreeSet<>(UNCONFIRMED.keySet()), new TreeSet<>(left.keySet()));
    for (String key : confirmedByLibc.keySet()) {
      assertTrue(OF_LIBC.contains(words.word(key).type()), key + " is not in Linux' headers");
    }
  }

  @ParameterizedTest
  @CsvSource({"amd64, x86_64-linux-gnu", "aarch64, aarch64-linux-gnu"})
  void openFlagsFollowTheArchitecture(String arch, String triplet) {
    Map<String, Long> c =
        KernelHeaders.of(triplet)
            .evaluate(
                Map.of(
                    "direct", "O_DIRECT",
                    "directory", "O_DIRECTORY",
                    "nofollow", "O_NOFOLLOW",
                    "largefile", "O_LARGEFILE"));

    OpenFlags flags = OpenFlags.of(arch);

    Map<String, Long> ours =
        Map.of(
            "direct", (long) flags.direct(),
            "directory", (long) flags.directory(),
            "nofollow", (long) flags.nofollow(),
            "largefile", (long) flags.largefile());
    assertEquals(c, ours);
  }

  @ParameterizedTest
  @CsvSource({
    "linux/io_uring.h, IoUring, (?:IORING|IOSQE|IOU|IO_URING|IO_WQ|SOCKET_URING)_[A-Z0-9_]+",
    "linux/ublk_cmd.h, Ublk, (?:UBLK|UBLKSRV)_[A-Z0-9_]+"
  })
  void everyNameOfTheHeaderIsHere(String header, String type, String names) throws IOException {
    KernelHeaders linux = KernelHeaders.of(architecture() + "-linux-gnu");
    String code = linux.read(header).replaceAll("(?s)/\\*.*?\\*/", "");

    TreeSet<String> absent = new TreeSet<>();
    Matcher matcher = Pattern.compile("\\b" + names + "\\b").matcher(code);
    while (matcher.find()) absent.add(matcher.group());
    int count = absent.size();
    absent.removeIf(name -> OTHERS.matcher(name).matches());
    for (Word word : words.words()) {
      if (word.type().equals(type)) absent.remove(word.expression());
    }

    assertTrue(count > 100, "found only " + count + " names in " + header);
    if (linux.isNewer()) System.out.println(linux.name() + " has more: " + absent);
    else assertEquals(new TreeSet<>(), absent);
  }

  /// The sizes of fields are only in the documentation, `Offset of fd (4 bytes)`.
  @Test
  void documentedSizesOfFieldsAreThoseOfC() throws IOException {
    Map<String, Long> documented = documentedSizes();
    Map<String, String> questions = new LinkedHashMap<>();
    documented.keySet().forEach(key -> questions.put(key, words.word(key).size()));

    Map<String, Long> sizes =
        new TreeMap<>(KernelHeaders.of(architecture() + "-linux-gnu").evaluate(questions));
    questions.keySet().removeAll(sizes.keySet());
    sizes.putAll(KernelHeaders.ofLibc().evaluate(questions));

    assertTrue(documented.size() > 200, "found only " + documented.size() + " sizes");
    Map<String, String> wrong = new TreeMap<>();
    documented.forEach((key, size) -> {
      if (!size.equals(sizes.get(key))) wrong.put(key, size + ", in C " + sizes.get(key));
    });
    assertEquals(Map.of(), wrong);
  }

  private static Map<String, Long> documentedSizes() throws IOException {
    Pattern offset =
        Pattern.compile(
            "/// Offset of `\\S+`[^\\n]*? \\((\\d+) bytes?\\b(?:(?!public).)*"
                + "public static final int (\\w+) =",
            Pattern.DOTALL);
    Map<String, Long> sizes = new LinkedHashMap<>();
    Path sources = Path.of(System.getProperty("ringshot.root", ".."), "abi/src/main/java");
    try (var files = Files.walk(sources)) {
      for (Path file : files.filter(file -> file.toString().endsWith(".java")).toList()) {
        String type = file.getFileName().toString().replace(".java", "");
        Matcher matcher = offset.matcher(Files.readString(file));
        while (matcher.find()) {
          sizes.put(type + "." + matcher.group(2), Long.parseLong(matcher.group(1)));
        }
      }
    }
    return sizes;
  }

  private void report(
      String headers,
      Map<String, String> questions,
      Map<String, Long> confirmed,
      Map<String, Long> confirmedByLibc,
      Map<String, String> left) {
    Map<String, int[]> counts = new TreeMap<>();
    for (String key : questions.keySet()) {
      int[] count = counts.computeIfAbsent(words.word(key).type(), type -> new int[2]);
      count[1]++;
      if (confirmed.containsKey(key) || confirmedByLibc.containsKey(key)) count[0]++;
    }
    StringBuilder text = new StringBuilder("Compared with " + headers + ":");
    counts.forEach((type, count) -> text.append(" %s %d/%d,".formatted(type, count[0], count[1])));
    text.append(
        "%n  in all %d; by libc's headers %d: %s"
            .formatted(
                confirmed.size() + confirmedByLibc.size(),
                confirmedByLibc.size(),
                confirmedByLibc.keySet()));
    left.keySet()
        .forEach(
            key -> text.append("%n  not confirmed: %s %s".formatted(key, UNCONFIRMED.get(key))));
    System.out.println(text);
  }

  private static String architecture() {
    return System.getProperty("os.arch").equals("aarch64") ? "aarch64" : "x86_64";
  }
}
