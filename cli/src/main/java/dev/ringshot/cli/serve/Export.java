package dev.ringshot.cli.serve;

import dev.ringshot.model.block.BlockDevice;
import dev.ringshot.nbd.ExtentSource;
import dev.ringshot.nbd.NbdOptions;
import dev.ringshot.nbd.NbdServer;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The disk as NBD clients see it: at a port, at a Unix socket, or at one of its own that only this
/// process's child is told.
final class Export implements Access {
  private final NbdServer server;
  private final @Nullable Path folder;
  private final SocketAddress address;

  private Export(NbdServer server, @Nullable Path folder, SocketAddress address) {
    this.server = server;
    this.folder = folder;
    this.address = address;
  }

  /// @param address where, or null for a private Unix socket
  /// @throws ServeFailed if nobody can listen there
  static Export open(
      @Nullable SocketAddress address, BlockDevice device, ExtentSource extents, boolean readOnly) {
    Path folder = null;
    SocketAddress chosen = address;
    try {
      if (chosen == null) {
        folder = Files.createTempDirectory("ringshot"); // for this user alone
        chosen = UnixDomainSocketAddress.of(folder.resolve("nbd"));
      }
      var options = NbdOptions.DEFAULT.withAddress(chosen).withReadOnly(readOnly);
      return new Export(NbdServer.open(options, device, extents), folder, chosen);
    } catch (IOException | IllegalArgumentException e) {
      delete(folder);
      throw new ServeFailed(reason(chosen, e), e);
    }
  }

  private static String reason(@Nullable SocketAddress address, Exception e) {
    if (address instanceof InetSocketAddress tcp) {
      String at = tcp.getHostString() + ":" + tcp.getPort();
      return e instanceof BindException
          ? "cannot listen on %s, %s: choose another with --listen HOST:PORT or --socket PATH"
              .formatted(at, e.getMessage())
          : at + ": " + e.getMessage();
    }
    return address + ": " + e.getMessage();
  }

  private URI uri() {
    return server.uri();
  }

  @Override
  public String place() {
    return uri().toString();
  }

  @Override
  public String trial() {
    return "nbdinfo '" + uri() + "'";
  }

  @Override
  public Map<String, String> variables() {
    String socket =
        address instanceof UnixDomainSocketAddress unix ? unix.getPath().toString() : "";
    return Map.of("uri", place(), "unixsocket", socket);
  }

  /// Answers what clients have under way and flushes the disk.
  ///
  /// @throws ServeFailed if the flush failed
  @Override
  public void close() {
    try {
      server.close();
    } catch (IOException e) {
      throw new ServeFailed(String.valueOf(e.getMessage()), e);
    } finally {
      delete(folder);
    }
  }

  private static void delete(@Nullable Path folder) {
    if (folder == null) return;
    try {
      Files.deleteIfExists(folder.resolve("nbd"));
      Files.deleteIfExists(folder);
    } catch (IOException _) {
      // an empty folder in the system's folder for such: nothing is lost
    }
  }
}
