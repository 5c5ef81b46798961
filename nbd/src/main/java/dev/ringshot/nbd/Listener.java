package dev.ringshot.nbd;

import java.io.Closeable;
import java.io.IOException;
import java.net.BindException;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Where clients connect: a TCP port, or a Unix socket with its file.
final class Listener implements Closeable {
  /// What `sun_path` has room for beside the byte that ends it, unix(7).
  private static final int PATH_BYTES_MAX = 107;

  private static final String UNRESERVED = "-._~";

  private final ServerSocketChannel channel;
  private final SocketAddress address;
  private final @Nullable Object fileKey;

  private Listener(ServerSocketChannel channel, SocketAddress address, @Nullable Object fileKey) {
    this.channel = channel;
    this.address = address;
    this.fileKey = fileKey;
  }

  /// Listens. A Unix socket that nobody listens on any more is replaced.
  ///
  /// @throws IOException if somebody listens there, or something else is in the place of the socket
  static Listener open(SocketAddress address) throws IOException {
    return address instanceof UnixDomainSocketAddress unix
        ? openUnix(unix.getPath())
        : openTcp((InetSocketAddress) address);
  }

  private static Listener openTcp(InetSocketAddress address) throws IOException {
    var channel = ServerSocketChannel.open();
    try {
      channel.setOption(StandardSocketOptions.SO_REUSEADDR, true);
      channel.bind(address);
      return new Listener(channel, channel.getLocalAddress(), null);
    } catch (IOException e) {
      channel.close();
      throw e instanceof BindException ? busy(address + ": " + e.getMessage()) : e;
    }
  }

  private static BindException busy(String message) {
    return new BindException(message);
  }

  private static Listener openUnix(Path path) throws IOException {
    int bytes = path.toString().getBytes(StandardCharsets.UTF_8).length;
    if (bytes == 0 || bytes > PATH_BYTES_MAX)
      throw new IOException(
          "a socket path of " + bytes + " bytes; at most " + PATH_BYTES_MAX + ": " + path);
    try (var _ = SocketClaim.of(path)) {
      removeStale(path);
      return bind(path);
    }
  }

  private static Listener bind(Path path) throws IOException {
    var channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    try {
      channel.bind(UnixDomainSocketAddress.of(path));
      return new Listener(channel, UnixDomainSocketAddress.of(path), attributes(path).fileKey());
    } catch (IOException e) {
      channel.close();
      throw e instanceof BindException ? busy(path + ": " + e.getMessage()) : e;
    }
  }

  private static void removeStale(Path path) throws IOException {
    if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) return;
    if (!attributes(path).isOther())
      throw new FileAlreadyExistsException(path + " is there and is no socket");
    try (var probe = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      probe.configureBlocking(false); // one with a full backlog is alive, too
      probe.connect(UnixDomainSocketAddress.of(path));
    } catch (IOException _) {
      Files.delete(path);
      return;
    }
    throw busy(path + ": another server listens there");
  }

  private static BasicFileAttributes attributes(Path path) throws IOException {
    return Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
  }

  /// Waits for a client.
  SocketChannel accept() throws IOException {
    return channel.accept();
  }

  /// What clients are given, `doc/uri.md` of NetworkBlockDevice/nbd.
  URI uri(String export) {
    return switch (address) {
      case UnixDomainSocketAddress unix ->
          URI.create(
              "nbd+unix:///"
                  + escape(export, "")
                  + "?socket="
                  + escape(unix.getPath().toAbsolutePath().toString(), "/"));
      case InetSocketAddress tcp ->
          URI.create("nbd://" + host(tcp) + ":" + tcp.getPort() + "/" + escape(export, ""));
      default -> throw new IllegalStateException("listens at " + address);
    };
  }

  private static String host(InetSocketAddress address) {
    if (address.getAddress().isAnyLocalAddress()) return "localhost";
    String host = address.getAddress().getHostAddress();
    return address.getAddress() instanceof Inet6Address ? "[" + host + "]" : host;
  }

  private static String escape(String text, String alsoPlain) {
    var escaped = new StringBuilder();
    for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
      boolean isPlain = (b >= 'a' && b <= 'z') || (b >= 'A' && b <= 'Z') || (b >= '0' && b <= '9');
      if (isPlain || UNRESERVED.indexOf(b) >= 0 || alsoPlain.indexOf(b) >= 0)
        escaped.append((char) b);
      else escaped.append("%%%02X".formatted(b));
    }
    return escaped.toString();
  }

  /// Listens no more; removes the socket's file if it is still this one's.
  @Override
  public void close() throws IOException {
    channel.close();
    if (!(address instanceof UnixDomainSocketAddress unix)) return;
    Path path = unix.getPath();
    if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) return;
    try (var _ = SocketClaim.of(path)) {
      boolean isThere = Files.exists(path, LinkOption.NOFOLLOW_LINKS);
      if (isThere && Objects.equals(attributes(path).fileKey(), fileKey)) Files.delete(path);
    }
  }
}
