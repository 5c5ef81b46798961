package dev.ringshot.nbd;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnixDomainSocketAddress;
import java.util.concurrent.CountDownLatch;

/// Serves memory until it is told to stop, for trying real clients by hand.
///
/// Arguments: the size in MiB, and a socket's path or a port of loopback.
final class TrialServer {
  private TrialServer() {}

  static void main(String[] args) throws Exception {
    var disk = new MemoryDisk(Long.parseLong(args[0]) << 20);
    var address =
        args[1].contains("/")
            ? UnixDomainSocketAddress.of(args[1])
            : new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(args[1]));
    var server = NbdServer.open(NbdOptions.DEFAULT.withAddress(address), disk, disk);
    System.out.println(server.uri());
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(() -> {
              try {
                server.close();
                Runtime.getRuntime().halt(0);
              } catch (java.io.IOException e) {
                System.err.println(e.getMessage());
              }
            }));
    new CountDownLatch(1).await();
  }
}
