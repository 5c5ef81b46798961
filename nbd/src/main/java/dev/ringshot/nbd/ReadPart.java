package dev.ringshot.nbd;

import dev.ringshot.model.block.Bio;

/// A piece of a read, with the buffer that the device fills.
final class ReadPart implements Bio.End {
  private final Transaction transaction;
  private final Buffer buffer;
  private final Place place;
  private volatile boolean isEnded;

  /// Which piece of the reply it is.
  enum Place {
    /// All of it.
    WHOLE,
    /// A chunk of a structured reply; another says that it is done.
    CHUNK,
    /// The beginning of a simple reply.
    FIRST,
    /// What follows the beginning.
    REST
  }

  ReadPart(Transaction transaction, Buffer buffer, Place place) {
    this.transaction = transaction;
    this.buffer = buffer;
    this.place = place;
  }

  boolean isEnded() {
    return isEnded;
  }

  @Override
  public void ended(Bio bio, int how) {
    Connection connection = transaction.connection();
    int errno = WireError.of(how);
    if (errno == 0) deliver(connection, bio.offset());
    else {
      connection.load().give(buffer);
      if (place == Place.CHUNK)
        connection.send(Reply.errorAt(transaction.cookie(), errno, bio.offset()));
    }
    isEnded = true;
    connection.load().wakeReader();
    transaction.end(place == Place.CHUNK ? 0 : errno);
  }

  private void deliver(Connection connection, long offset) {
    long cookie = transaction.cookie();
    switch (place) {
      case WHOLE ->
          transaction.answerWith(
              transaction.isStructured()
                  ? Reply.data(cookie, offset, buffer, true)
                  : Reply.simpleData(cookie, buffer, true));
      case CHUNK -> connection.send(Reply.data(cookie, offset, buffer, false));
      case FIRST -> connection.send(Reply.simpleData(cookie, buffer, false));
      case REST -> connection.send(Reply.rest(buffer));
    }
  }
}
