package dev.ringshot.model;

import static dev.ringshot.abi.Errno.EADDRINUSE;
import static dev.ringshot.abi.Errno.EADDRNOTAVAIL;
import static dev.ringshot.abi.Errno.EAFNOSUPPORT;
import static dev.ringshot.abi.Errno.ECONNREFUSED;
import static dev.ringshot.abi.Errno.EINVAL;
import static dev.ringshot.abi.Errno.ENETUNREACH;
import static dev.ringshot.abi.Errno.ENOENT;
import static dev.ringshot.abi.Errno.EPROTONOSUPPORT;
import static dev.ringshot.abi.Errno.EPROTOTYPE;
import static dev.ringshot.abi.Errno.ESOCKTNOSUPPORT;
import static dev.ringshot.abi.Socket.*;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// The network of one kernel: sockets, and the addresses they are bound to. It has a loopback
/// device and no other; names of `AF_UNIX` are its own.
final class Network {
  private static final int AF_UNSPEC = 0;
  private static final int SOCK_RAW = 3;
  private static final int FIRST_FREE_PORT = 32768;
  private static final int LAST_FREE_PORT = 60999;
  private static final int LOOPBACK_NET = 127;
  private static final int ADDRESS_FAMILIES = 46;
  private static final int SOCKET_TYPES = 11;

  /// @param type one of the types that share names; of `AF_UNIX` paths 0
  private record Key(SocketAddress address, int type) {}

  /// What an address stands for: a socket, if there is one; or `-errno`.
  record Found(@Nullable SocketAddress address, @Nullable DatagramSocket socket, int error) {
    private Found(int error) {
      this(null, null, error);
    }
  }

  /// Who listens at an address, or `-errno`.
  record Server(@Nullable ConnectionSocket socket, int error) {}

  private final Scheduler scheduler;
  private final ConcurrentHashMap<Key, SocketFile> bound = new ConcurrentHashMap<>();
  private final AtomicInteger nextPort = new AtomicInteger();
  private final AtomicInteger nextName = new AtomicInteger();

  Network(Scheduler scheduler) {
    this.scheduler = scheduler;
  }

  Scheduler scheduler() {
    return scheduler;
  }

  /// What socket(2) makes, or `-errno`.
  record Made(@Nullable SocketFile socket, int error) {}

  /// socket(2).
  Made socket(int domain, int type, int protocol) {
    if (domain < 0 || domain >= ADDRESS_FAMILIES) return new Made(null, -EAFNOSUPPORT);
    if (type < 0 || type >= SOCKET_TYPES) return new Made(null, -EINVAL);
    return switch (domain) {
      case AF_UNIX -> unixSocket(type, protocol);
      case AF_INET -> inetSocket(type, protocol);
      default -> new Made(null, -EAFNOSUPPORT);
    };
  }

  private Made unixSocket(int type, int protocol) {
    if (protocol != 0 && protocol != AF_UNIX) return new Made(null, -EPROTONOSUPPORT);
    return switch (type) {
      case SOCK_STREAM, SOCK_SEQPACKET ->
          new Made(new ConnectionSocket(this, new SocketOptions(AF_UNIX, type, 0)), 0);
      case SOCK_DGRAM, SOCK_RAW ->
          new Made(new DatagramSocket(this, new SocketOptions(AF_UNIX, SOCK_DGRAM, 0)), 0);
      default -> new Made(null, -ESOCKTNOSUPPORT);
    };
  }

  private Made inetSocket(int type, int protocol) {
    int own = type == SOCK_STREAM ? IPPROTO_TCP : IPPROTO_UDP;
    if (type != SOCK_STREAM && type != SOCK_DGRAM) return new Made(null, -ESOCKTNOSUPPORT);
    if (protocol != 0 && protocol != own) return new Made(null, -EPROTONOSUPPORT);
    var options = new SocketOptions(AF_INET, type, own);
    return type == SOCK_STREAM
        ? new Made(new ConnectionSocket(this, options), 0)
        : new Made(new DatagramSocket(this, options), 0);
  }

  // ---- what the program says, a struct sockaddr

  private static int family(byte[] name) {
    return ByteBuffer.wrap(name).order(ByteOrder.nativeOrder()).getShort() & 0xffff;
  }

  /// Whether it takes a peer away.
  static boolean isUnspecified(byte[] name, int length) {
    return length >= Short.BYTES && family(name) == AF_UNSPEC;
  }

  /// @return 0 or `-EINVAL`
  static int checkUnix(byte[] name, int length) {
    if (length <= SUN_PATH || length > SOCKADDR_UN_SIZE) return -EINVAL;
    return family(name) == AF_UNIX ? 0 : -EINVAL;
  }

  private static int checkInet(byte[] name, int length) {
    if (length < SOCKADDR_IN_SIZE) return -EINVAL;
    return family(name) == AF_INET ? 0 : -EAFNOSUPPORT;
  }

  private static SocketAddress inet(byte[] name) {
    var bytes = ByteBuffer.wrap(name);
    return SocketAddress.inet(bytes.getInt(SIN_ADDR), bytes.getShort(SIN_PORT) & 0xffff);
  }

  /// A path ends at its zero, an abstract name where the program says.
  private static SocketAddress unix(byte[] name, int length) {
    int bytes = length - SUN_PATH;
    if (name[SUN_PATH] == 0) return SocketAddress.unix(name, SUN_PATH, bytes);
    int end = 0;
    while (end < bytes && name[SUN_PATH + end] != 0) end++;
    var path = new byte[end + 1];
    System.arraycopy(name, SUN_PATH, path, 0, end);
    return SocketAddress.unix(path, 0, path.length);
  }

  private static Key key(SocketFile socket, SocketAddress address) {
    boolean isPath = socket.isUnix() && !address.isAbstract();
    return new Key(address, isPath ? 0 : socket.options.type() << 1 | (socket.isUnix() ? 1 : 0));
  }

  private static boolean isLocal(int ip) {
    return ip == 0 || ip >>> 24 == LOOPBACK_NET;
  }

  // ---- bind(2)

  /// Gives `socket`, whose monitor is held, the address.
  int bind(SocketFile socket, byte[] name, int length) {
    return socket.isUnix() ? bindUnix(socket, name, length) : bindInet(socket, name, length);
  }

  private int bindInet(SocketFile socket, byte[] name, int length) {
    int error = checkInet(name, length);
    if (error != 0) return error;
    var address = inet(name);
    if (!isLocal(address.ip())) return -EADDRNOTAVAIL;
    if (socket.local != null) return -EINVAL;
    if (address.port() == 0) return bindAnyPort(socket, address.ip());
    if (isTaken(socket, address)) return -EADDRINUSE;
    return claim(socket, address) ? 0 : -EADDRINUSE;
  }

  private boolean isTaken(SocketFile socket, SocketAddress address) {
    if (address.ip() != 0)
      return bound.containsKey(key(socket, SocketAddress.inet(0, address.port())));
    for (var key : bound.keySet()) {
      if (key.type == key(socket, address).type && key.address.port() == address.port())
        return true;
    }
    return false;
  }

  private boolean claim(SocketFile socket, SocketAddress address) {
    if (bound.putIfAbsent(key(socket, address), socket) != null) return false;
    socket.local = address;
    return true;
  }

  /// Gives an internet socket, whose monitor is held, a port that is free.
  ///
  /// @return 0 or `-EADDRINUSE`
  int bindAnyPort(SocketFile socket, int ip) {
    int ports = LAST_FREE_PORT - FIRST_FREE_PORT + 1;
    for (int i = 0; i < ports; i++) {
      int port = FIRST_FREE_PORT + Math.floorMod(nextPort.getAndIncrement(), ports);
      var address = SocketAddress.inet(ip, port);
      if (!isTaken(socket, address) && claim(socket, address)) return 0;
    }
    return -EADDRINUSE;
  }

  private int bindUnix(SocketFile socket, byte[] name, int length) {
    if (length == SUN_PATH && family(name) == AF_UNIX) return bindAnyName(socket);
    int error = checkUnix(name, length);
    if (error != 0) return error;
    var address = unix(name, length);
    if (socket.local != null) return -EINVAL;
    return claim(socket, address) ? 0 : -EADDRINUSE;
  }

  /// A name of five hexadecimal digits.
  private int bindAnyName(SocketFile socket) {
    while (socket.local == null) {
      var name =
          String.format("\0%05x", nextName.getAndIncrement() & 0xfffff)
              .getBytes(java.nio.charset.StandardCharsets.US_ASCII);
      var _ = claim(socket, SocketAddress.unix(name, 0, name.length));
    }
    return 0;
  }

  /// The address is free again; a path stays taken, as its file would.
  void unbind(SocketFile socket) {
    SocketAddress address;
    synchronized (socket) {
      address = socket.local;
    }
    if (address == null || (socket.isUnix() && !address.isAbstract())) return;
    var _ = bound.remove(key(socket, address), socket);
  }

  // ---- whom an address means

  /// Who listens where `client` wants to.
  Server findListener(ConnectionSocket client, byte[] name, int length) {
    var found = find(client, name, length);
    if (found.error() != 0) return new Server(null, found.error());
    var socket = found.file();
    if (socket != null && socket.options.type() != client.options.type())
      return new Server(null, -EPROTOTYPE);
    return socket instanceof ConnectionSocket server && server.listener() != null
        ? new Server(server, 0)
        : new Server(null, -ECONNREFUSED);
  }

  /// Where `sender`'s datagrams shall go.
  Found resolve(DatagramSocket sender, byte[] name, int length) {
    var found = find(sender, name, length);
    if (found.error() != 0) return new Found(found.error());
    if (!sender.isUnix()) return new Found(found.address(), null, 0);
    if (found.file() == null || found.file().isClosed) return new Found(-ECONNREFUSED);
    return found.file() instanceof DatagramSocket receiver
        ? new Found(found.address(), receiver, 0)
        : new Found(-EPROTOTYPE);
  }

  private record Any(@Nullable SocketAddress address, @Nullable SocketFile file, int error) {}

  private Any find(SocketFile seeker, byte[] name, int length) {
    int error = seeker.isUnix() ? checkUnix(name, length) : checkInet(name, length);
    if (error != 0) return new Any(null, null, error);
    if (seeker.isUnix()) {
      var address = unix(name, length);
      var file = bound.get(key(seeker, address));
      boolean isNothing = file == null && !address.isAbstract();
      return new Any(address, file, isNothing ? -ENOENT : 0);
    }
    var address = inet(name);
    if (address.ip() == 0) address = SocketAddress.inet(SocketAddress.LOOPBACK, address.port());
    if (!isLocal(address.ip())) return new Any(null, null, -ENETUNREACH);
    return new Any(address, atPort(seeker, address), 0);
  }

  private @Nullable SocketFile atPort(SocketFile seeker, SocketAddress address) {
    var file = bound.get(key(seeker, address));
    return file != null ? file : bound.get(key(seeker, SocketAddress.inet(0, address.port())));
  }

  /// The UDP socket that takes what `sender` sends to an address, or null.
  @Nullable DatagramSocket receiver(DatagramSocket sender, SocketAddress to) {
    return atPort(sender, to) instanceof DatagramSocket socket && socket.takes(sender.source())
        ? socket
        : null;
  }
}
