package dev.ringshot.nbd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Addresses, and the files of Unix sockets.
@Timeout(60)
final class ListenerTest {
  @TempDir private Path folder;

  private UnixDomainSocketAddress at(String name) {
    return UnixDomainSocketAddress.of(folder.resolve(name));
  }

  @Test
  void uriOfTcpNamesHostPortAndExport() throws IOException {
    var any = new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0);
    try (var listener = Listener.open(any)) {
      String uri = listener.uri("a b/ü").toString();
      assertTrue(uri.matches("nbd://127\\.0\\.0\\.1:[1-9][0-9]*/a%20b%2F%C3%BC"), uri);
    }
  }

  @Test
  void uriOfAUnixSocketNamesItsPath() throws IOException {
    try (var listener = Listener.open(at("a b&c"))) {
      assertEquals("nbd+unix:///?socket=" + folder + "/a%20b%26c", listener.uri("").toString());
      assertEquals(folder.resolve("a b&c").toString(), listener.uri("").getQuery().substring(7));
    }
  }

  @Test
  void portThatIsTakenIsNamed() throws IOException {
    var any = new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0);
    try (var listener = Listener.open(any)) {
      var taken =
          new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), listener.uri("").getPort());
      var e = assertThrows(BindException.class, () -> Listener.open(taken));
      assertTrue(e.toString().contains(":" + taken.getPort() + ": "), e::toString);
    }
  }

  @Test
  void socketOfALiveServerIsLeftAlone() throws IOException {
    try (var listener = Listener.open(at("socket"))) {
      assertThrows(BindException.class, () -> Listener.open(at("socket")));
      assertTrue(Files.exists(folder.resolve("socket")), listener::toString);
    }
  }

  @Test
  void socketOfADeadServerIsReplacedAndRemovedAtTheEnd() throws IOException {
    try (var dead = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      dead.bind(at("socket"));
    }
    Listener.open(at("socket")).close();
    assertFalse(Files.exists(folder.resolve("socket")));
  }

  @RepeatedTest(20)
  void ofManyThatFindADeadSocketOneListens() throws Exception {
    try (var dead = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      dead.bind(at("socket"));
    }
    List<Callable<Optional<Listener>>> starts = Collections.nCopies(8, this::tryToListen);
    List<Listener> listening = new ArrayList<>();
    try (var threads = Executors.newFixedThreadPool(8)) {
      for (var start : threads.invokeAll(starts)) start.get().ifPresent(listening::add);
    }
    assertEquals(1, listening.size());
    try (var _ = SocketChannel.open(at("socket"));
        var accepted = listening.getFirst().accept()) {
      assertTrue(accepted.isConnected());
    }
    listening.getFirst().close();
    assertFalse(Files.exists(folder.resolve("socket.lock")));
  }

  private Optional<Listener> tryToListen() throws IOException {
    try {
      return Optional.of(Listener.open(at("socket")));
    } catch (BindException e) {
      return Optional.empty();
    }
  }

  /// As [#ofManyThatFindADeadSocketOneListens], with processes: the locks between those are others.
  @Test
  void ofManyProcessesThatFindADeadSocketOneListens() throws Exception {
    List<ListenerProbe.Started> probes = new ArrayList<>();
    for (int i = 0; i < 3; i++) probes.add(ListenerProbe.start(at("socket")));
    for (int round = 0; round < 200; round++) {
      try (var dead = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
        dead.bind(at("socket"));
      }
      for (var probe : probes) probe.tell("listen");
      List<String> answers = new ArrayList<>();
      for (var probe : probes) answers.add(probe.hear());
      Collections.sort(answers);
      assertEquals(List.of("listening", "taken", "taken"), answers, "round " + round);
      for (var probe : probes) probe.tell("close");
      for (var probe : probes) assertEquals("closed", probe.hear());
      assertFalse(Files.exists(folder.resolve("socket")));
    }
    for (var probe : probes) probe.close();
  }

  @Test
  void missingFolderIsNamed() {
    var e = assertThrows(IOException.class, () -> Listener.open(at("no/socket")));
    assertEquals("there is no folder " + folder.resolve("no"), e.getMessage());
  }

  @Test
  void socketOfAnotherServerIsNotRemoved() throws IOException {
    var first = Listener.open(at("socket"));
    Files.delete(folder.resolve("socket"));
    try (var second = Listener.open(at("socket"))) {
      first.close();
      assertTrue(Files.exists(folder.resolve("socket")), second::toString);
    }
  }

  @Test
  void fileThatIsNoSocketIsLeftAlone() throws IOException {
    Path file = Files.createFile(folder.resolve("file"));
    assertThrows(FileAlreadyExistsException.class, () -> Listener.open(at("file")));
    assertTrue(Files.exists(file));
  }

  @Test
  void longPathIsRefusedWithItsLength() {
    var e = assertThrows(IOException.class, () -> Listener.open(at("x".repeat(107))));
    assertTrue(e.toString().contains(" bytes; at most 107: "), e::toString);
  }
}
