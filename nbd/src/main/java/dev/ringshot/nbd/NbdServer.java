package dev.ringshot.nbd;

import dev.ringshot.abi.Errno;
import dev.ringshot.model.block.Bio;
import dev.ringshot.model.block.BlockDevice;
import java.io.Closeable;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.net.URI;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SocketChannel;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

/// Serves one [BlockDevice] to NBD clients. Logs to the [System.Logger] `dev.ringshot.nbd`: one
/// line for each connection that an error closed.
public final class NbdServer implements Closeable {
  private static final long ACCEPT_RETRY_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  private final NbdOptions options;
  private final Service service;
  private final Listener listener;
  private final Semaphore places;
  private final Set<Connection> connections = ConcurrentHashMap.newKeySet();
  private final ScheduledThreadPoolExecutor deadlines;
  private final Thread acceptor;
  private final AtomicBoolean isClosing = new AtomicBoolean();

  private NbdServer(NbdOptions options, Export export, Listener listener, System.Logger log) {
    this.options = options;
    this.listener = listener;
    this.places = new Semaphore(options.connectionsMax());
    this.deadlines =
        new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().daemon().name("nbd deadlines").factory());
    this.deadlines.setRemoveOnCancelPolicy(true);
    this.service =
        new Service(export, options, new BufferPool(), log, deadlines, this::connectionOver);
    this.acceptor = Thread.ofPlatform().daemon().name("nbd acceptor").unstarted(this::accept);
  }

  /// Listens; clients that connect from now on are served until [#close].
  ///
  /// @param device stays the caller's; its size and limits are asked at every handshake
  /// @param extents where it has data; [ExtentSource#ALL_DATA] if that is not known
  /// @throws IOException if the address is taken, or cannot be listened at
  /// @throws IllegalArgumentException if the device's blocks are longer than 64 KiB
  public static NbdServer open(NbdOptions options, BlockDevice device, ExtentSource extents)
      throws IOException {
    return open(options, device, extents, System.getLogger("dev.ringshot.nbd"));
  }

  static NbdServer open(
      NbdOptions options, BlockDevice device, ExtentSource extents, System.Logger log)
      throws IOException {
    Export export = Export.of(options, device, extents);
    var server = new NbdServer(options, export, Listener.open(options.address()), log);
    server.acceptor.start();
    return server;
  }

  /// What clients connect to: `nbd://127.0.0.1:10809/NAME` or `nbd+unix:///NAME?socket=PATH`.
  public URI uri() {
    return listener.uri(options.name());
  }

  /// How many clients are connected, or were and have requests that the device has not ended.
  public int connectionCount() {
    return connections.size();
  }

  private void accept() {
    for (int number = 1; !isClosing.get(); number++) {
      try {
        admit(listener.accept(), number);
      } catch (ClosedChannelException _) {
        return;
      } catch (IOException e) { // such as too many open files: they may become fewer
        service.log().log(Level.WARNING, "cannot accept a client: " + e.getMessage());
        LockSupport.parkNanos(ACCEPT_RETRY_NANOS);
      }
    }
  }

  private void admit(SocketChannel channel, int number) {
    String peer = "client " + number;
    try {
      if (channel.getRemoteAddress() instanceof InetSocketAddress tcp) {
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        peer = tcp.getAddress().getHostAddress() + " port " + tcp.getPort();
      }
      if (!places.tryAcquire()) throw new IOException("too many");
    } catch (IOException e) { // or it has left already
      refuse(channel, peer, e);
      return;
    }
    try {
      var connection = new Connection(service, channel, peer);
      connections.add(connection);
      connection.start();
    } catch (OutOfMemoryError e) { // of direct memory
      places.release();
      refuse(channel, peer, e);
    }
  }

  private void refuse(SocketChannel channel, String peer, Throwable reason) {
    service.log().log(Level.WARNING, "connection from " + peer + " closed: " + reason.getMessage());
    try {
      channel.close();
    } catch (IOException _) {
      // it is gone
    }
  }

  private void connectionOver(Connection connection) {
    connections.remove(connection);
    places.release();
  }

  /// Stops: accepts no one, reads no more, answers what is under way, flushes the device if it can
  /// be written, removes the Unix socket. What is not done within [the
  /// limit][NbdOptions#drainLimit] is closed; requests that the device keeps stay the device's. A
  /// second call does nothing.
  ///
  /// @throws IOException if the flush failed, or did not end within the limit
  @Override
  public void close() throws IOException {
    if (isClosing.getAndSet(true)) return;
    IOException left = null; // a socket that could not be removed
    try {
      listener.close();
    } catch (IOException e) {
      left = e;
    }
    try {
      acceptor.join();
      for (Connection connection : connections) connection.drain();
      long nanos = options.drainLimit().toNanos();
      if (!places.tryAcquire(options.connectionsMax(), nanos, TimeUnit.NANOSECONDS))
        for (Connection connection : connections)
          connection.fail(new IOException("its requests were not over as the server closed"));
      if (!service.export().isReadOnly()) flush(nanos);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      for (Connection connection : connections)
        connection.fail(new IOException("the server's closing was interrupted"));
    } finally {
      deadlines.shutdownNow();
    }
    if (left != null) throw left;
  }

  private void flush(long nanos) throws IOException, InterruptedException {
    BlockDevice device = service.export().device();
    var end = new CompletableFuture<Integer>();
    try {
      device.submit(Bio.flush((_, errno) -> end.complete(errno)));
      int errno = end.get(nanos, TimeUnit.NANOSECONDS);
      if (errno != 0)
        throw new IOException(
            device.name() + ": flush: " + Errno.name(errno) + ": " + Errno.describe(errno));
    } catch (TimeoutException | ExecutionException | RuntimeException e) {
      throw new IOException(device.name() + ": flush did not end: " + e, e);
    }
  }
}
