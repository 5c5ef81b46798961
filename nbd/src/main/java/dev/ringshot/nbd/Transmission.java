package dev.ringshot.nbd;

import dev.ringshot.abi.Errno;
import dev.ringshot.model.block.Bio;
import java.io.IOException;
import java.net.ProtocolException;

/// Takes the requests of one client and hands them to the device, on the connection's reader.
///
/// What is longer than a buffer travels in pieces, so that a connection's memory does not depend on
/// how long its requests are. A part of a request that fails does not stop the others.
final class Transmission {
  private static final int PIECE = BufferPool.BYTES_MAX;

  private final Connection connection;
  private final Export export;
  private final Load load;
  private final Agreement agreement;
  private final Input input;

  Transmission(Connection connection, Export export, Agreement agreement, Input input) {
    this.connection = connection;
    this.export = export;
    this.load = connection.load();
    this.agreement = agreement;
    this.input = input;
  }

  /// Returns when the client has said goodbye, or ended what it sends.
  void run() throws IOException {
    while (input.await(Nbd.REQUEST_BYTES)) {
      var request = Request.parse(input.bytes());
      if (request.type() == Nbd.NBD_CMD_DISC) return;
      if (request.type() == Nbd.NBD_CMD_WRITE && request.length() > 2L * Export.PAYLOAD_MAX)
        throw new ProtocolException("a write of " + request.length() + " bytes");
      load.begin();
      var transaction = new Transaction(connection, request.cookie(), agreement.isStructured());
      int errno = Nbd.NBD_EIO;
      try {
        errno = handle(request, transaction);
      } catch (IOException e) {
        connection.fail(e); // before anything else is sent
        if (connection.isDraining()) errno = Nbd.NBD_ESHUTDOWN;
        throw e;
      } finally {
        transaction.end(errno);
      }
      if (!input.has(Nbd.REQUEST_BYTES)) connection.uncork();
    }
  }

  /// @return an error on the wire, or 0
  private int handle(Request request, Transaction transaction) throws IOException {
    int refusal = connection.isDraining() ? Nbd.NBD_ESHUTDOWN : request.refusal(agreement);
    if (refusal != 0) {
      if (request.type() == Nbd.NBD_CMD_WRITE) {
        connection.uncork();
        input.skip(request.length());
      }
      return refusal;
    }
    switch (request.type()) {
      case Nbd.NBD_CMD_READ -> read(request, transaction);
      case Nbd.NBD_CMD_WRITE -> write(request, transaction);
      case Nbd.NBD_CMD_FLUSH -> flush(transaction);
      case Nbd.NBD_CMD_TRIM -> trim(request, transaction);
      case Nbd.NBD_CMD_WRITE_ZEROES -> {
        return writeZeroes(request, transaction);
      }
      case Nbd.NBD_CMD_BLOCK_STATUS -> {
        return blockStatus(request, transaction);
      }
      default -> {} // NBD_CMD_CACHE: nothing here caches
    }
    return 0;
  }

  private void read(Request request, Transaction transaction) throws IOException {
    int length = (int) request.length();
    if (length <= PIECE) {
      readPart(transaction, request.offset(), length, ReadPart.Place.WHOLE);
    } else if (agreement.isStructured()) {
      for (int at = 0; at < length; at += PIECE)
        readPart(
            transaction, request.offset() + at, Math.min(PIECE, length - at), ReadPart.Place.CHUNK);
      transaction.answerWith(Reply.done(request.cookie()));
    } else {
      readSimple(request, transaction);
    }
  }

  /// Sends a long read as one simple reply. Nothing else may come in between, so it waits for all
  /// else, and for each piece: clients of today ask for structured replies.
  private void readSimple(Request request, Transaction transaction) throws IOException {
    load.awaitOnly();
    int length = (int) request.length();
    for (int at = 0; at < length; at += PIECE) {
      ReadPart part =
          readPart(
              transaction,
              request.offset() + at,
              Math.min(PIECE, length - at),
              at == 0 ? ReadPart.Place.FIRST : ReadPart.Place.REST);
      load.await(part::isEnded);
      int errno = transaction.errno();
      if (errno == 0) continue;
      if (at == 0) return;
      throw new IOException("the device failed in the middle of a reply: " + Errno.name(errno));
    }
    transaction.answerWith(Reply.endOfRest());
  }

  private ReadPart readPart(Transaction transaction, long offset, int length, ReadPart.Place place)
      throws IOException {
    Buffer buffer = load.take(length);
    var part = new ReadPart(transaction, buffer, place);
    transaction.begin();
    connection.submit(Bio.read(offset, buffer.memory(length), part), buffer);
    return part;
  }

  private void write(Request request, Transaction transaction) throws IOException {
    int length = (int) request.length();
    int flags = bioFlags(request);
    for (int at = 0; at < length; at += PIECE) {
      int count = Math.min(PIECE, length - at);
      if (!input.has(count)) connection.uncork();
      Buffer buffer = load.take(count);
      try {
        input.read(buffer.bytes());
      } catch (IOException e) {
        load.give(buffer);
        throw e;
      }
      transaction.begin();
      connection.submit(
          Bio.write(
              request.offset() + at,
              buffer.memory(count),
              flags,
              (_, errno) -> {
                load.give(buffer);
                transaction.end(WireError.of(errno));
              }),
          buffer);
    }
  }

  private void flush(Transaction transaction) {
    transaction.begin();
    connection.submit(Bio.flush((_, errno) -> transaction.end(WireError.of(errno))), null);
  }

  /// A discard is a hint: a device that cannot has heard it.
  private void trim(Request request, Transaction transaction) {
    transaction.begin();
    Bio.End end =
        (_, how) -> {
          int errno = how == Errno.EOPNOTSUPP ? 0 : how;
          if (errno == 0 && request.has(Nbd.NBD_CMD_FLAG_FUA)) flush(transaction);
          transaction.end(WireError.of(errno));
        };
    connection.submit(Bio.discard(request.offset(), request.length(), end), null);
  }

  private int writeZeroes(Request request, Transaction transaction) {
    boolean isFast = request.has(Nbd.NBD_CMD_FLAG_FAST_ZERO);
    boolean keepsSpace = request.has(Nbd.NBD_CMD_FLAG_NO_HOLE);
    boolean isOffered = export.device().limits().maxWriteZeroes() > 0;
    // nothing says whether keeping the space is quick, so it is not
    if (isFast && (keepsSpace || !isOffered)) return Nbd.NBD_ENOTSUP;
    int flags = bioFlags(request);
    transaction.begin();
    var slow = new Zeroing(transaction, request.offset(), request.length(), flags);
    if (!isOffered) {
      slow.run();
      return 0;
    }
    Bio.End end =
        (_, errno) -> {
          if (errno != Errno.EOPNOTSUPP) transaction.end(WireError.of(errno));
          else if (isFast) transaction.end(Nbd.NBD_ENOTSUP);
          else slow.run();
        };
    int zeroFlags = keepsSpace ? flags | Bio.NOUNMAP : flags;
    connection.submit(Bio.writeZeroes(request.offset(), request.length(), zeroFlags, end), null);
    return 0;
  }

  private int blockStatus(Request request, Transaction transaction) throws IOException {
    Buffer payload = load.take(BlockStatus.BYTES_MAX);
    int errno = BlockStatus.put(payload.bytes(), request, export.extents());
    transaction.answerWith(Reply.status(request.cookie(), payload));
    return errno;
  }

  private static int bioFlags(Request request) {
    return request.has(Nbd.NBD_CMD_FLAG_FUA) ? Bio.FUA : 0;
  }
}
