package dev.ringshot.nbd;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.function.Consumer;

/// How an [NbdServer] serves.
///
/// Together, clients make it hold at most `connectionsMax` × (`bytesMax` + `requestsMax` × 0.5 KiB
/// + 192 KiB), however they behave.
///
/// @param address an [InetSocketAddress], with port 0 for any free one, or a
///   [UnixDomainSocketAddress] of at most 107 bytes
/// @param name of the export, at most 4096 bytes of UTF-8; a client that asks for the export named
///   "" gets it as well
/// @param description of the export, for people; may be empty
/// @param isReadOnly whether writes are refused even if the device takes them
/// @param connectionsMax how many clients at a time; more are closed at once. One whose requests
///   the device has not ended counts until they are
/// @param requestsMax how many requests of a connection are under way; its next ones wait
/// @param bytesMax how many bytes of data of a connection are held, 1 MiB or more; its next
///   requests wait
/// @param handshakeLimit how long a client may take to choose the export
/// @param drainLimit how long closing waits for requests under way, and for the flush after them
public record NbdOptions(
    SocketAddress address,
    String name,
    String description,
    boolean isReadOnly,
    int connectionsMax,
    int requestsMax,
    int bytesMax,
    Duration handshakeLimit,
    Duration drainLimit) {
  /// The port of the protocol.
  public static final int PORT = 10809;

  /// Loopback at [#PORT], the export named "", 64 connections with 256 requests and 8 MiB each.
  public static final NbdOptions DEFAULT =
      new NbdOptions(
          new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), PORT),
          "",
          "",
          false,
          64,
          256,
          8 << 20,
          Duration.ofSeconds(10),
          Duration.ofSeconds(10));

  /// Checks what can be checked without listening.
  public NbdOptions {
    if (!(address instanceof InetSocketAddress) && !(address instanceof UnixDomainSocketAddress))
      throw new IllegalArgumentException("an address of TCP or a Unix socket, not " + address);
    if (address instanceof InetSocketAddress tcp && tcp.isUnresolved())
      throw new IllegalArgumentException("there is no host " + tcp.getHostString());
    checkText("name", name);
    checkText("description", description);
    if (connectionsMax < 1 || requestsMax < 1)
      throw new IllegalArgumentException(
          connectionsMax + " connections with " + requestsMax + " requests; 1 or more of each");
    if (bytesMax < BufferPool.BYTES_MAX)
      throw new IllegalArgumentException(
          bytesMax + " bytes a connection; " + BufferPool.BYTES_MAX + " or more");
    if (!handshakeLimit.isPositive()) throw new IllegalArgumentException("no time for a handshake");
    if (drainLimit.isNegative()) throw new IllegalArgumentException("negative time to drain");
  }

  private static void checkText(String what, String text) {
    int bytes = text.getBytes(StandardCharsets.UTF_8).length;
    if (bytes > Nbd.STRING_MAX || text.indexOf(0) >= 0)
      throw new IllegalArgumentException(
          "a " + what + " of " + bytes + " bytes; at most " + Nbd.STRING_MAX + ", none of them 0");
  }

  /// With another address.
  public NbdOptions withAddress(SocketAddress address) {
    return with(draft -> draft.address = address);
  }

  /// With another name and description of the export.
  public NbdOptions withName(String name, String description) {
    return with(draft -> {
      draft.name = name;
      draft.description = description;
    });
  }

  /// Read-only or not.
  public NbdOptions withReadOnly(boolean isReadOnly) {
    return with(draft -> draft.isReadOnly = isReadOnly);
  }

  /// With other limits on what clients can make the server hold.
  public NbdOptions withBounds(int connectionsMax, int requestsMax, int bytesMax) {
    return with(draft -> {
      draft.connectionsMax = connectionsMax;
      draft.requestsMax = requestsMax;
      draft.bytesMax = bytesMax;
    });
  }

  /// With other limits of time.
  public NbdOptions withTimes(Duration handshakeLimit, Duration drainLimit) {
    return with(draft -> {
      draft.handshakeLimit = handshakeLimit;
      draft.drainLimit = drainLimit;
    });
  }

  private NbdOptions with(Consumer<Draft> change) {
    var draft = new Draft(this);
    change.accept(draft);
    return draft.options();
  }

  /// Options under change.
  private static final class Draft {
    private SocketAddress address;
    private String name;
    private String description;
    private boolean isReadOnly;
    private int connectionsMax;
    private int requestsMax;
    private int bytesMax;
    private Duration handshakeLimit;
    private Duration drainLimit;

    Draft(NbdOptions options) {
      address = options.address;
      name = options.name;
      description = options.description;
      isReadOnly = options.isReadOnly;
      connectionsMax = options.connectionsMax;
      requestsMax = options.requestsMax;
      bytesMax = options.bytesMax;
      handshakeLimit = options.handshakeLimit;
      drainLimit = options.drainLimit;
    }

    NbdOptions options() {
      return new NbdOptions(
          address,
          name,
          description,
          isReadOnly,
          connectionsMax,
          requestsMax,
          bytesMax,
          handshakeLimit,
          drainLimit);
    }
  }
}
