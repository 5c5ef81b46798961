package dev.ringshot.cli.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What servers leave behind, for others.
final class RunFolderTest {
  private static final ServerState STATE =
      new ServerState(
          4711,
          1L << 40,
          new DiskArguments("loop", "/a b/=#!\\\n\u00e4.img", 512L, true, false),
          "/run/x.log");

  @TempDir private Path path;

  private RunFolder folder() {
    return new RunFolder(path.resolve("run"));
  }

  private List<String> files() throws IOException {
    try (var files = Files.list(folder().path())) {
      return files.map(file -> String.valueOf(file.getFileName())).sorted().toList();
    }
  }

  @Test
  void stateIsReadAsItWasKeptWhateverItsFileIsCalled() throws IOException {
    assertNull(folder().state(3));
    folder().keep(3, STATE);
    assertEquals(STATE, folder().state(3));
    var other = new ServerState(1, 2, new DiskArguments("null", null, null, false, true), null);
    folder().keep(3, other);
    assertEquals(other, folder().state(3));
    assertEquals(List.of("ublk3.state"), files());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{\"pid\": 1}",
        "pid=x\ntype=mem",
        "pid=1\ninstance=1\ntype=mem\ndirect=false",
        "type=\\u00",
        "pid=1\ninstance=1\ntype=mem\ndirect=false\nreadonly=false\nsize=many"
      })
  void whatIsNoStateIsAnErrorThatNamesTheFile(String text) throws IOException {
    folder().keep(0, STATE);
    Files.writeString(folder().path().resolve("ublk0.state"), text);
    var error = assertThrows(ServeFailed.class, () -> folder().state(0));
    String message = String.valueOf(error.getMessage());
    assertTrue(message.contains("ublk0.state") && message.contains("remove it"), message);
    assertEquals(1, message.lines().count(), message);
  }

  @Test
  void bytesThatAreNoTextAreAnErrorToo() throws IOException {
    folder().keep(0, STATE);
    Files.write(folder().path().resolve("ublk0.state"), new byte[] {(byte) 0xff, (byte) 0xfe});
    assertThrows(ServeFailed.class, () -> folder().state(0));
  }

  @Test
  void stateOfADeviceThatIsNoMoreIsOfNone() {
    assertFalse(STATE.isOf(999_999, 0));
    assertFalse(new ServerState(1, 0, STATE.disk(), null).isOf(999_999, 1));
  }

  @Test
  void devicesThatAreNoMoreAreForgottenAndNothingElseIs() throws IOException {
    folder().forgetAllBut(Set.of()); // there is no folder yet
    for (int id : List.of(0, 1, 12)) folder().keep(id, STATE);
    Files.writeString(folder().path().resolve("ublk1.log"), "");
    folder().forgetAllBut(Set.of(12));
    assertEquals(List.of("ublk1.log", "ublk12.state"), files());
    folder().forget(12);
    folder().forget(12);
    assertEquals(List.of("ublk1.log"), files());
  }

  @Test
  void logOfTheServerBeforeIsKept() throws IOException {
    folder().keep(0, STATE);
    for (String text : List.of("first", "second", "third")) {
      Path log = Files.writeString(folder().path().resolve("start"), text);
      assertEquals(folder().path().resolve("ublk0.log"), folder().keepLog(0, log));
    }
    assertEquals(List.of("ublk0.log", "ublk0.log.old", "ublk0.state"), files());
    assertEquals("third", Files.readString(folder().path().resolve("ublk0.log")));
    assertEquals("second", Files.readString(folder().path().resolve("ublk0.log.old")));
  }

  @Test
  void folderIsTheOneThatIsNamedOrTheUsersOwn() {
    assertEquals(Optional.of(Path.of("/x")), path(Map.of("RINGSHOT_RUN_DIR", "/x"), "root"));
    assertEquals(
        Optional.of(Path.of("/run/ringshot")), path(Map.of("XDG_RUNTIME_DIR", "/r"), "root"));
    assertEquals(Optional.of(Path.of("/r/ringshot")), path(Map.of("XDG_RUNTIME_DIR", "/r"), "me"));
    assertEquals(Optional.empty(), path(Map.of("RINGSHOT_RUN_DIR", ""), "me"));
  }

  private static Optional<Path> path(Map<String, String> environment, String user) {
    return RunFolder.of(environment, user).map(RunFolder::path);
  }
}
