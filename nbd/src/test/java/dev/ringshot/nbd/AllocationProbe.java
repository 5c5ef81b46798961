package dev.ringshot.nbd;

import com.sun.management.ThreadMXBean;
import dev.ringshot.model.block.Bio;
import dev.ringshot.model.block.BlockDevice;
import dev.ringshot.model.block.QueueLimits;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;

/// A program of its own for [AllocationTest]: prints how many bytes a request allocates in this
/// whole process, of which the client is no part worth counting, once the compiler is done: the
/// least of several windows. The device ends requests at once.
final class AllocationProbe implements BlockDevice {
  private static final int AT_A_TIME = 32;
  private static final int WARM_UP = 8_000;
  private static final int WINDOW = 2_000;
  private static final int BLOCK = 4096;
  private static final int REPLY = 16;
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private final SocketChannel channel;
  private final ByteBuffer sent = ByteBuffer.allocateDirect(AT_A_TIME * (28 + BLOCK));
  private final ByteBuffer received = ByteBuffer.allocateDirect(AT_A_TIME * (REPLY + BLOCK));

  private AllocationProbe(UnixDomainSocketAddress address) throws IOException {
    channel = SocketChannel.open(StandardProtocolFamily.UNIX);
    Path path = address.getPath();
    try (var server =
        NbdServer.open(NbdOptions.DEFAULT.withAddress(address), this, ExtentSource.ALL_DATA)) {
      channel.connect(address);
      shakeHands();
      IO.println("read " + measure(Nbd.NBD_CMD_READ));
      IO.println("write " + measure(Nbd.NBD_CMD_WRITE));
      channel.close();
      if (!Files.exists(path)) throw new IOException("gone: " + server.uri());
    }
  }

  static void main(String[] args) throws IOException {
    new AllocationProbe(UnixDomainSocketAddress.of(args[0]));
  }

  /// With simple replies.
  private void shakeHands() throws IOException {
    receive(18);
    ByteBuffer go = ByteBuffer.allocate(4 + 16 + 6);
    go.putInt(3).putLong(0x49484156454F5054L).putInt(Nbd.NBD_OPT_GO).putInt(6).putInt(0);
    send(go.putShort((short) 0).flip());
    for (boolean isAcknowledged = false; !isAcknowledged; ) {
      receive(20);
      isAcknowledged = received.getInt(12) == Nbd.NBD_REP_ACK;
      receive(received.getInt(16));
    }
  }

  private long measure(int type) throws IOException {
    boolean isWrite = type == Nbd.NBD_CMD_WRITE;
    sent.clear();
    for (int i = 0; i < AT_A_TIME; i++) {
      sent.putInt(Nbd.NBD_REQUEST_MAGIC).putShort((short) 0).putShort((short) type);
      sent.putLong(i).putLong((long) i * BLOCK).putInt(BLOCK);
      if (isWrite) sent.position(sent.position() + BLOCK);
    }
    int requests = sent.position();
    int replies = AT_A_TIME * (isWrite ? REPLY : REPLY + BLOCK);
    run(WARM_UP, requests, replies);
    long least = Long.MAX_VALUE;
    for (int window = 0; window < 6; window++) {
      long before = THREADS.getTotalThreadAllocatedBytes();
      run(WINDOW, requests, replies);
      least = Math.min(least, THREADS.getTotalThreadAllocatedBytes() - before);
    }
    return least / (WINDOW * AT_A_TIME);
  }

  private void run(int rounds, int requests, int replies) throws IOException {
    for (int i = 0; i < rounds; i++) {
      send(sent.position(0).limit(requests));
      receive(replies);
    }
  }

  private void send(ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) channel.write(bytes);
  }

  private void receive(int count) throws IOException {
    received.position(0).limit(count);
    while (received.hasRemaining())
      if (channel.read(received) < 0) throw new IOException("the server has closed");
  }

  // ---- The device

  @Override
  public String name() {
    return "probe";
  }

  @Override
  public long capacity() {
    return 1 << 20;
  }

  @Override
  public QueueLimits limits() {
    return new QueueLimits(512, 4096, 512, 0, 1 << 20, 0, 0, 0, false, false, false, false);
  }

  @Override
  public void submit(Bio bio) {
    bio.end(0);
  }
}
