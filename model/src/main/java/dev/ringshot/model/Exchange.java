package dev.ringshot.model;

import static dev.ringshot.abi.Errno.EFAULT;
import static dev.ringshot.abi.Errno.EINVAL;
import static dev.ringshot.abi.Errno.EMSGSIZE;
import static dev.ringshot.abi.Errno.EOPNOTSUPP;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import dev.ringshot.abi.Iovec;
import dev.ringshot.abi.Msghdr;
import dev.ringshot.abi.Socket;
import java.lang.foreign.MemorySegment;

/// What a send or receive keeps between its attempts (`io_sr_msg` and `io_async_msghdr`): what prep
/// read of the program's memory, and how far it has come.
final class Exchange {
  private static final int IOV_MAX = 1024;

  final Message message;

  /// `MSG_*`.
  int flags;

  /// Bytes moved by earlier attempts.
  int done;

  /// Bytes that a multishot receive may still bring in all, or -1 for no limit.
  int allowance;

  /// Bytes of each completion at most, 0 for any number.
  int shotMax;

  /// Receives of a multishot since it last let others run.
  int loops;

  /// CQE flags of a bundle that goes on.
  int bundleFlags;

  /// Buffers that a bundle may pick before it knows what there is.
  int bundleMax;

  /// Bytes that were left when a bundle went on.
  int bundleBytes;

  boolean appends; // to a bundle that it has begun
  boolean isCut; // a bundle's last buffer was not wholly offered
  boolean usesLast; // a bundle may use its group's last buffer
  boolean isCapped; // a bundle has brought what one completion may

  // ---- of struct msghdr

  long nameAt;
  int nameRoom;

  /// What each buffer of a multishot has for the name and for control data: as the program said,
  /// wherever it wanted them.
  int headName;

  long headControl;

  /// Bytes on their way from and to the program.
  final MemorySegment scratch = MemorySegment.ofArray(new long[Msghdr.SIZE / Long.BYTES]);

  private long[] addresses = new long[1];
  private int[] lengths = new int[1];
  private int ranges;

  Exchange(Message message) {
    this.message = message;
  }

  /// A new request.
  void begin(int msgFlags) {
    message.begin(msgFlags);
    flags = msgFlags;
    done = 0;
    allowance = -1;
    shotMax = 0;
    loops = 0;
    bundleFlags = 0;
    bundleMax = 1;
    appends = false;
    isCut = false;
    isCapped = false;
    nameAt = 0;
    nameRoom = 0;
    headName = 0;
    headControl = 0;
    ranges = 0;
  }

  /// The next shot of a multishot.
  void nextShot() {
    done = 0;
    appends = false;
    isCut = false;
  }

  /// Reads a `struct msghdr` (`io_msg_copy_hdr`).
  ///
  /// @param toSend whether its name is to be read as well
  /// @param selects whether its ranges are a length at most, for a provided buffer
  /// @return 0 or `-errno`
  int readHeader(UserMemory memory, long at, boolean toSend, boolean selects) {
    if (memory.copyFrom(at, scratch, 0, Msghdr.SIZE) != 0) return -EFAULT;
    nameAt = scratch.get(JAVA_LONG_UNALIGNED, Msghdr.MSG_NAME);
    headName = scratch.get(JAVA_INT_UNALIGNED, Msghdr.MSG_NAMELEN);
    headControl = scratch.get(JAVA_LONG_UNALIGNED, Msghdr.MSG_CONTROLLEN);
    nameRoom = nameAt == 0 ? 0 : Math.min(headName, Message.NAME_MAX);
    if (nameRoom < 0) return -EINVAL;
    if (toSend && headControl != 0 && scratch.get(JAVA_LONG_UNALIGNED, Msghdr.MSG_CONTROL) != 0)
      return -EOPNOTSUPP;
    if (toSend && nameRoom > 0) {
      int error = message.keepName(memory, nameAt, nameRoom);
      if (error != 0) return error;
    }
    long vectors = scratch.get(JAVA_LONG_UNALIGNED, Msghdr.MSG_IOV);
    long count = scratch.get(JAVA_LONG_UNALIGNED, Msghdr.MSG_IOVLEN);
    if (Long.compareUnsigned(count, IOV_MAX) > 0) return -EMSGSIZE;
    if (!selects) return readVectors(memory, vectors, (int) count);
    if (count > 1) return -EINVAL;
    return count == 0 ? 0 : readShotMax(memory, vectors);
  }

  private int readShotMax(UserMemory memory, long vector) {
    if (memory.copyFrom(vector, scratch, 0, Iovec.SIZE) != 0) return -EFAULT;
    shotMax = (int) scratch.get(JAVA_LONG_UNALIGNED, Iovec.IOV_LEN);
    return 0;
  }

  /// Reads an array of `struct iovec` (`import_iovec`).
  int readVectors(UserMemory memory, long vectors, int count) {
    if (count < 0 || count > IOV_MAX) return -EINVAL;
    if (addresses.length < count) {
      addresses = new long[count];
      lengths = new int[count];
    }
    long left = ReadOp.BYTES_MAX;
    for (int i = 0; i < count; i++) {
      long at = vectors + (long) i * Iovec.SIZE;
      if (memory.copyFrom(at, scratch, 0, Iovec.SIZE) != 0) return -EFAULT;
      long length = scratch.get(JAVA_LONG_UNALIGNED, Iovec.IOV_LEN);
      if (length < 0) return -EINVAL;
      addresses[i] = scratch.get(JAVA_LONG_UNALIGNED, Iovec.IOV_BASE);
      if (!UserMemory.isUserRange(addresses[i], Math.min(length, left))) return -EFAULT;
      lengths[i] = (int) Math.min(length, left);
      left -= lengths[i];
    }
    ranges = count;
    return 0;
  }

  /// Points the message at the program's ranges, from where the last attempt stopped.
  void aimAtRanges() {
    message.clear();
    message.range(0, 0);
    int skip = done;
    for (int i = 0; i < ranges; i++) {
      int passed = Math.min(skip, lengths[i]);
      skip -= passed;
      if (lengths[i] > passed) message.add(addresses[i] + passed, lengths[i] - passed);
    }
  }

  /// One range that is the whole of it.
  void single(long address, int length) {
    addresses[0] = address;
    lengths[0] = length;
    ranges = 1;
  }

  /// Tells the program what recvmsg(2) has to tell: whom from, how much control data (there is
  /// none), which flags.
  ///
  /// @return 0 or `-EFAULT`
  int tellHeader(UserMemory memory, long at) {
    var source = message.source;
    if (nameAt != 0) {
      int length = source == null ? 0 : source.length();
      if (source != null
          && memory.copyTo(nameAt, source.bytes(), 0, Math.min(length, nameRoom)) != 0)
        return -EFAULT;
      if (putInt(memory, at + Msghdr.MSG_NAMELEN, length) != 0) return -EFAULT;
    }
    if (putInt(memory, at + Msghdr.MSG_FLAGS, message.flagsOut & ~Socket.MSG_DONTWAIT) != 0)
      return -EFAULT;
    scratch.set(JAVA_LONG_UNALIGNED, 0, 0);
    return memory.copyTo(at + Msghdr.MSG_CONTROLLEN, scratch, 0, Long.BYTES);
  }

  private int putInt(UserMemory memory, long at, int value) {
    scratch.set(JAVA_INT_UNALIGNED, 0, value);
    return memory.copyTo(at, scratch, 0, Integer.BYTES);
  }
}
