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
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
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
