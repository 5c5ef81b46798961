package dev.ringshot.nbd;

import dev.ringshot.model.block.Bio;
import java.io.EOFException;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.channels.SocketChannel;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// One client. A reader takes what it sends, a writer sends what is ready; they and the threads of
/// the device meet in its [ReplyQueue] and its [Load]. Whatever goes wrong closes it and nothing
/// else.
///
/// It ends in one of three ways. A client that says goodbye or ends its half is answered what is
/// under way, then closed. A client that breaks the protocol or a device that breaks a promise to
/// it is closed at once, with a line in the log. A server that closes stops reading, and goes on as
/// after a goodbye. In each case the connection is over when the device has given back its memory.
final class Connection {
  private static final int SOCKET_BUFFER_BYTES = 64 << 10;

  private final Service service;
  private final SocketChannel channel;
  private final String peer;
  private final Load load;
  private final ReplyQueue replies = new ReplyQueue();
  private final Thread reader;
  private final Thread writer;
  private final Buffer input;
  private final Buffer output;
  private final AtomicBoolean isClosed = new AtomicBoolean();
  private final AtomicBoolean hasThrown = new AtomicBoolean();
  private volatile boolean isDraining;
  private volatile boolean isFinishing;

  /// Whether the writer is still to be woken; the reader's own.
  private boolean owesWake;

  Connection(Service service, SocketChannel channel, String peer) {
    this.service = service;
    this.channel = channel;
    this.peer = peer;
    this.reader = Thread.ofVirtual().name("nbd reader " + peer).unstarted(this::read);
    this.writer = Thread.ofVirtual().name("nbd writer " + peer).unstarted(this::write);
    this.load =
        new Load(
            service.pool(),
            service.options(),
            reader,
            this::uncork,
            () -> service.over().accept(this));
    this.input = service.pool().take(SOCKET_BUFFER_BYTES);
    this.output = service.pool().take(SOCKET_BUFFER_BYTES);
  }

  void start() {
    reader.start();
  }

  Load load() {
    return load;
  }

  boolean isDraining() {
    return isDraining;
  }

  /// Reads no more, answers what is under way, then closes.
  void drain() {
    isDraining = true;
    try {
      channel.shutdownInput();
    } catch (IOException _) {
      close();
    }
  }

  /// Closes at once, because of something that is told in the log, if it is not closed yet.
  void fail(Throwable reason) {
    if (isDraining && reason instanceof EOFException) return;
    if (!close()) return;
    String text = "connection from " + peer + " closed: ";
    if (reason instanceof IOException) {
      String message = reason.getMessage();
      service.log().log(Level.WARNING, text + (message == null ? reason.toString() : message));
    } else {
      service.log().log(Level.ERROR, text + reason, reason);
    }
  }

  /// @return whether it was open
  private boolean close() {
    if (isClosed.getAndSet(true)) return false;
    try {
      channel.close();
    } catch (IOException _) {
      // nothing more can be done with it
    }
    load.close();
    LockSupport.unpark(writer);
    return true;
  }

  // The reader.

  private void read() {
    try {
      var in = new Input(channel, input.bytes());
      Agreement agreement = shakeHands(in);
      if (agreement == null) {
        close();
      } else {
        load.hold(); // by the writer
        writer.start();
        transmit(agreement, in);
      }
    } catch (IOException | RuntimeException | Error e) {
      fail(e);
      close();
    } finally {
      service.pool().give(input);
      if (writer.getState() == Thread.State.NEW) service.pool().give(output);
      load.end();
      LockSupport.unpark(writer);
    }
  }

  private @Nullable Agreement shakeHands(Input in) throws IOException {
    long nanos = service.options().handshakeLimit().toNanos();
    var deadline = service.deadlines().schedule(this::expire, nanos, TimeUnit.NANOSECONDS);
    try {
      return new Handshake(service.export(), in, new Output(channel, output.bytes())).run();
    } finally {
      deadline.cancel(false);
    }
  }

  private void expire() {
    fail(new IOException("no handshake within " + service.options().handshakeLimit()));
  }

  private void transmit(Agreement agreement, Input in) throws IOException {
    try {
      new Transmission(this, service.export(), agreement, in).run();
    } catch (EOFException e) {
      if (!isDraining) throw e;
    }
    isFinishing = true; // the writer closes
  }

  // The device.

  /// Hands a request to the device. One that throws has failed, unless it ended.
  ///
  /// @param buffer the memory of the request, if it is of the pool
  void submit(Bio bio, @Nullable Buffer buffer) {
    try {
      service.export().device().submit(bio);
    } catch (RuntimeException | Error e) {
      if (!hasThrown.getAndSet(true))
        service.log().log(Level.ERROR, "the device threw at " + bio + " from " + peer, e);
      if (buffer != null) buffer.lose();
      endThrown(bio);
    }
  }

  private static void endThrown(Bio bio) {
    try {
      bio.end(Nbd.NBD_EIO);
    } catch (IllegalStateException _) {
      // it ended, and then threw
    }
  }

  // The writer.

  /// Sends a reply, or gives its buffer back if nobody can be sent anything. Never waits.
  void send(Reply reply) {
    switch (replies.push(reply)) {
      case FIRST -> {
        if (Thread.currentThread() == reader) owesWake = true;
        else LockSupport.unpark(writer);
      }
      case BEHIND -> {}
      case REFUSED -> settle(reply);
    }
  }

  /// Wakes the writer, before the reader may wait: many replies are then one write.
  void uncork() {
    if (!owesWake) return;
    owesWake = false;
    LockSupport.unpark(writer);
  }

  private void write() {
    Reply unsent = null;
    try {
      var out = new Output(channel, output.bytes());
      while (true) {
        unsent = replies.takeAll();
        if (unsent == null) {
          out.flush();
          if (isClosed.get() || (isFinishing && load.isHeldOnce())) break;
          if (replies.isEmpty()) LockSupport.park(replies);
        }
        while (unsent != null) {
          unsent.writeTo(out);
          Reply sent = unsent;
          unsent = sent.next;
          settle(sent);
        }
      }
    } catch (IOException | RuntimeException | Error e) {
      fail(e);
    } finally {
      close();
      settleAll(unsent);
      settleAll(replies.close());
      service.pool().give(output);
      load.end();
    }
  }

  private void settleAll(@Nullable Reply first) {
    for (Reply reply = first; reply != null; ) {
      Reply next = reply.next;
      settle(reply);
      reply = next;
    }
  }

  private void settle(Reply reply) {
    Buffer buffer = reply.buffer();
    if (buffer != null) load.give(buffer);
    if (reply.isLast()) load.end();
  }
}
