package dev.ringshot.nbd;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.SplittableRandom;

/// A client that means no good: a session of random steps, most of them valid, then some that are
/// not, its bytes mutated or cut off. A function of its seed, but for when the bytes arrive.
final class HostileSession {
  private static final int BYTES_MAX = 1 << 20;
  private static final int MILLIS = 1; // between looks
  private static final int PATIENCE = 20;
  private static final int[] LENGTHS = {
    0, 1, 511, 512, 4096, 65536, 1 << 20, 32 << 20, (32 << 20) + 512, 65 << 20, -512, -1
  };

  private final SplittableRandom random;
  private final ByteBuffer bytes = ByteBuffer.allocate(BYTES_MAX);

  HostileSession(long seed) {
    random = new SplittableRandom(seed);
  }

  /// What it sends.
  ByteBuffer script() {
    bytes.clear();
    if (oneIn(40)) bytes.putInt(random.nextInt());
    else bytes.putInt(oneIn(20) ? random.nextInt(4) : 3);
    int options = random.nextInt(6);
    for (int i = 0; i < options; i++) {
      int option = 3 + random.nextInt(9);
      // GO would end the handshake
      option(option == Nbd.NBD_OPT_GO ? Nbd.NBD_OPT_INFO : option);
    }
    int choice = oneIn(4) ? Nbd.NBD_OPT_EXPORT_NAME : Nbd.NBD_OPT_GO;
    if (oneIn(8)) option(choice); // it may stay without an export
    else put(Nbd.IHAVEOPT, choice, choice == Nbd.NBD_OPT_GO ? Client.exportQuery("") : new byte[0]);
    int requests = random.nextInt(30);
    for (int i = 0; i < requests; i++) request();
    bytes.flip();
    if (oneIn(3)) mutate();
    if (oneIn(4)) bytes.limit(random.nextInt(bytes.limit() + 1));
    return bytes;
  }

  /// How it behaves.
  private enum Manner {
    /// Sends and leaves.
    HASTY,
    /// Sends, ends its half, and hears everything.
    HALF,
    /// Reads little of what it is sent, and leaves.
    SLOW,
    /// Reads while it sends.
    GREEDY
  }

  /// Sends it and leaves in one of several ways; `between` is run while it waits.
  void run(Client client, Runnable between) {
    var manner = Manner.values()[random.nextInt(Manner.values().length)];
    ByteBuffer script = script();
    try (var selector = Selector.open()) {
      client.channel.configureBlocking(false);
      client.channel.register(selector, SelectionKey.OP_READ);
      ByteBuffer replies = ByteBuffer.allocate(64 << 10);
      for (int i = 0; script.hasRemaining() && i < PATIENCE; i++) {
        client.channel.write(script);
        if (manner == Manner.GREEDY && client.channel.read(replies.clear()) < 0) return;
        if (script.hasRemaining()) await(selector, between);
      }
      if (manner == Manner.HASTY) return;
      if (manner == Manner.HALF) client.channel.shutdownOutput();
      int reads = manner == Manner.SLOW ? 3 : Integer.MAX_VALUE;
      int waits = 0;
      while (reads-- > 0 && (manner == Manner.HALF || waits++ < PATIENCE)) {
        await(selector, between);
        if (client.channel.read(replies.clear()) < 0) return;
      }
    } catch (IOException _) {
      // the server has had enough
    }
  }

  private static void await(Selector selector, Runnable between) throws IOException {
    between.run();
    selector.select(MILLIS);
    selector.selectedKeys().clear();
  }

  private boolean oneIn(int n) {
    return random.nextInt(n) == 0;
  }

  private void option(int option) {
    byte[] data =
        switch (random.nextInt(6)) {
          case 0 -> new byte[0];
          case 1 -> random(random.nextInt(64));
          case 2 -> random(random.nextInt(8192));
          default -> dataOf(option);
        };
    put(oneIn(100) ? random.nextLong() : Nbd.IHAVEOPT, oneIn(20) ? random.nextInt() : option, data);
    if (oneIn(100)) bytes.putInt(bytes.position() - data.length - Integer.BYTES, random.nextInt());
  }

  private void put(long magic, int option, byte[] data) {
    bytes.putLong(magic).putInt(option).putInt(data.length).put(data);
  }

  private byte[] dataOf(int option) {
    String name = oneIn(8) ? "x" : "";
    return switch (option) {
      case Nbd.NBD_OPT_INFO, Nbd.NBD_OPT_GO ->
          Client.exportQuery(name, random.ints(random.nextInt(5), 0, 6).toArray());
      case Nbd.NBD_OPT_LIST_META_CONTEXT, Nbd.NBD_OPT_SET_META_CONTEXT ->
          Client.hex("00000000 00000001 0000000f 626173653a616c6c6f636174696f6e");
      default -> new byte[0];
    };
  }

  private void request() {
    int type = oneIn(20) ? random.nextInt(1 << 16) : random.nextInt(8);
    if (type == Nbd.NBD_CMD_DISC && !oneIn(10)) type = Nbd.NBD_CMD_READ;
    int flags = oneIn(3) ? random.nextInt(32) : 0;
    int length = LENGTHS[random.nextInt(LENGTHS.length)];
    long offset =
        switch (random.nextInt(5)) {
          case 0 -> random.nextLong();
          case 1 -> random.nextInt(1 << 20);
          default -> random.nextInt(2048) * 512L;
        };
    if (bytes.remaining() < 100_000) return;
    bytes.put(Client.requestBytes(flags, type, random.nextLong(), offset, length));
    if (type == Nbd.NBD_CMD_WRITE && length > 0 && length <= 65536 && !oneIn(10))
      bytes.put(random(length));
  }

  private void mutate() {
    for (int i = random.nextInt(8); i >= 0; i--) {
      int at = random.nextInt(bytes.limit());
      bytes.put(at, (byte) (oneIn(2) ? bytes.get(at) ^ 1 << random.nextInt(8) : random.nextInt()));
    }
  }

  private byte[] random(int length) {
    byte[] data = new byte[length];
    random.nextBytes(data);
    return data;
  }
}
