package dev.ringshot.nbd;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/// A server on a Unix socket of its own, its log and its clients.
final class Rig implements AutoCloseable {
  /// Bounds that tests reach, and a time to drain that none waits for but those that say so.
  static final NbdOptions OPTIONS =
      NbdOptions.DEFAULT.withTimes(Duration.ofMinutes(1), Duration.ofMinutes(1));

  final Lines log = new Lines();
  final Path folder;
  final Path socket;
  final NbdServer server;

  Rig(NbdOptions options, MemoryDisk disk) throws IOException {
    folder = Files.createTempDirectory("nbd");
    socket = folder.resolve("socket");
    server =
        NbdServer.open(options.withAddress(UnixDomainSocketAddress.of(socket)), disk, disk, log);
  }

  Rig(MemoryDisk disk) throws IOException {
    this(OPTIONS, disk);
  }

  Client connect() throws IOException {
    return new Client(socket);
  }

  /// A client in transmission, with structured replies and `base:allocation`.
  Client go() throws IOException {
    Client client = connect().greet(3);
    client.option(Nbd.NBD_OPT_STRUCTURED_REPLY).expectAck();
    client.metaContext(Nbd.NBD_OPT_SET_META_CONTEXT, "", "base:allocation").expectContext();
    return client.go("");
  }

  /// A client in transmission, with simple replies.
  Client goSimple() throws IOException {
    return connect().greet(3).go("");
  }

  /// Waits until no connection is left.
  void awaitNoConnections() {
    while (server.connectionCount() != 0) Thread.onSpinWait();
  }

  @Override
  public void close() throws IOException {
    server.close();
    Files.deleteIfExists(socket);
    Files.delete(folder);
  }
}
