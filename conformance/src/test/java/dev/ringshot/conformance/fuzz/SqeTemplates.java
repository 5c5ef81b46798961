package dev.ringshot.conformance.fuzz;

import static dev.ringshot.abi.IoUring.*;
import static dev.ringshot.abi.SqeLayout.*;
import static dev.ringshot.conformance.device.Ref.*;

import dev.ringshot.abi.Fcntl;
import dev.ringshot.abi.Poll;
import dev.ringshot.abi.Socket;

/// A valid SQE, or nearly, of every opcode that the model has, with those choices that lead to
/// different places.
final class SqeTemplates {
  /// Opcodes as often as they shall come.
  private static final int[] OPCODES = {
    IORING_OP_URING_CMD,
    IORING_OP_URING_CMD,
    IORING_OP_URING_CMD,
    IORING_OP_URING_CMD,
    IORING_OP_URING_CMD,
    IORING_OP_URING_CMD,
    IORING_OP_URING_CMD,
    IORING_OP_URING_CMD,
    IORING_OP_RECV,
    IORING_OP_RECV,
    IORING_OP_RECV,
    IORING_OP_SEND,
    IORING_OP_SEND,
    IORING_OP_SEND,
    IORING_OP_READ,
    IORING_OP_READ,
    IORING_OP_WRITE,
    IORING_OP_WRITE,
    IORING_OP_READ_MULTISHOT,
    IORING_OP_READ_MULTISHOT,
    IORING_OP_POLL_ADD,
    IORING_OP_POLL_ADD,
    IORING_OP_TIMEOUT,
    IORING_OP_TIMEOUT,
    IORING_OP_LINK_TIMEOUT,
    IORING_OP_LINK_TIMEOUT,
    IORING_OP_ASYNC_CANCEL,
    IORING_OP_ASYNC_CANCEL,
    IORING_OP_ACCEPT,
    IORING_OP_CONNECT,
    IORING_OP_RECVMSG,
    IORING_OP_RECVMSG,
    IORING_OP_SENDMSG,
    IORING_OP_PROVIDE_BUFFERS,
    IORING_OP_PROVIDE_BUFFERS,
    IORING_OP_REMOVE_BUFFERS,
    IORING_OP_MSG_RING,
    IORING_OP_MSG_RING,
    IORING_OP_READV,
    IORING_OP_WRITEV,
    IORING_OP_READ_FIXED,
    IORING_OP_WRITE_FIXED,
    IORING_OP_POLL_REMOVE,
    IORING_OP_TIMEOUT_REMOVE,
    IORING_OP_FILES_UPDATE,
    IORING_OP_SOCKET,
    IORING_OP_CLOSE,
    IORING_OP_OPENAT,
    IORING_OP_STATX,
    IORING_OP_FSYNC,
    IORING_OP_FTRUNCATE,
    IORING_OP_FALLOCATE,
    IORING_OP_SHUTDOWN,
    IORING_OP_BIND,
    IORING_OP_LISTEN,
    IORING_OP_NOP,
    IORING_OP_NOP,
    IORING_OP_NOP128,
    IORING_OP_URING_CMD128,
    IORING_OP_NOP
  };

  private static final int[] DOMAINS = {Socket.AF_UNIX, Socket.AF_INET};
  private static final int[] TYPES = {
    Socket.SOCK_STREAM, Socket.SOCK_DGRAM, Socket.SOCK_SEQPACKET, Socket.SOCK_STREAM
  };
  private static final int[] POLLS = {
    Poll.POLLIN, Poll.POLLOUT, Poll.POLLIN | Poll.POLLOUT, Poll.POLLHUP, 0xffff
  };
  private static final int[] MESSAGES = {
    0, 0, 0, Socket.MSG_DONTWAIT, Socket.MSG_WAITALL, Socket.MSG_PEEK, Socket.MSG_TRUNC
  };
  private static final int[] DESCRIPTOR_CHOICES = {0, 0, 0, 0, 1, 2, 5, IORING_FILE_INDEX_ALLOC};
  private static final int[] OPENINGS = {
    0, 2, 2 | Fcntl.O_CREAT, 2 | Fcntl.O_CREAT | Fcntl.O_TRUNC, 1 | Fcntl.O_APPEND, Fcntl.O_CLOEXEC
  };
  private static final int[] OFFSETS = {0, 0, -1, 1, 16, 4096};

  private final World world;
  private final Dice dice;
  private final SqeForge sqe;

  SqeTemplates(World world, Dice dice, SqeForge sqe) {
    this.world = world;
    this.dice = dice;
    this.sqe = sqe;
  }

  private void set(int offset, int size, long value) {
    sqe.field(offset, size, value);
  }

  private void head(int opcode, int fd) {
    set(OPCODE, 1, opcode);
    set(FD, 4, fd);
  }

  private void span(long addr, int len) {
    set(ADDR, 8, addr);
    set(LEN, 4, len);
  }

  private int length() {
    return dice.oneIn(8) ? dice.below(8192) : dice.below(64);
  }

  private void selectBuffer() {
    set(FLAGS, 1, IOSQE_BUFFER_SELECT);
    set(BUF_GROUP, 2, dice.below(FuzzedRing.GROUPS + 1));
  }

  /// Fills in one.
  ///
  /// @param recent user_data of a request that may be in flight
  void fill(long recent) {
    int opcode = dice.pick(OPCODES);
    switch (opcode) {
      case IORING_OP_NOP, IORING_OP_NOP128 -> nop(opcode);
      case IORING_OP_URING_CMD, IORING_OP_URING_CMD128 -> command(opcode);
      case IORING_OP_READ, IORING_OP_WRITE -> transfer(opcode);
      case IORING_OP_READV, IORING_OP_WRITEV -> vector(opcode);
      case IORING_OP_READ_FIXED, IORING_OP_WRITE_FIXED -> fixed(opcode);
      case IORING_OP_READ_MULTISHOT -> {
        head(opcode, world.fd(dice, world.streams));
        selectBuffer();
      }
      case IORING_OP_SEND, IORING_OP_RECV ->
          message(opcode, world.structures.buffer(dice), length());
      case IORING_OP_SENDMSG, IORING_OP_RECVMSG ->
          message(opcode, world.structures.header(dice), dice.below(2));
      case IORING_OP_POLL_ADD -> {
        head(opcode, dice.oneIn(8) ? world.ringFd(dice) : world.fd(dice, world.all));
        set(OP_FLAGS, 4, dice.pick(POLLS));
        set(LEN, 4, dice.below(2) | (dice.oneIn(8) ? IORING_POLL_ADD_LEVEL : 0));
      }
      case IORING_OP_POLL_REMOVE -> {
        head(opcode, 0);
        span(recent, dice.below(8));
        set(OFF, 8, dice.oneIn(2) ? 0 : recent);
        set(OP_FLAGS, 4, dice.pick(POLLS));
      }
      case IORING_OP_TIMEOUT, IORING_OP_LINK_TIMEOUT -> {
        head(opcode, 0);
        span(world.structures.time(dice), 1);
        if (opcode == IORING_OP_TIMEOUT) set(OFF, 8, dice.below(4));
        set(OP_FLAGS, 4, dice.oneIn(2) ? 0 : 1 << dice.below(8));
      }
      case IORING_OP_TIMEOUT_REMOVE -> {
        head(opcode, 0);
        set(ADDR, 8, recent);
        set(OFF, 8, world.structures.time(dice));
        set(OP_FLAGS, 4, dice.oneIn(2) ? 0 : dice.oneIn(2) ? 2 : 16);
      }
      case IORING_OP_ASYNC_CANCEL -> {
        head(opcode, world.fd(dice, world.all));
        span(recent, dice.pick(OPCODES));
        set(OP_FLAGS, 4, dice.oneIn(2) ? 0 : dice.below(64));
      }
      case IORING_OP_PROVIDE_BUFFERS -> {
        head(opcode, 1 + dice.below(dice.oneIn(16) ? 65536 : 8));
        span(world.structures.buffer(dice), 1 + length());
        set(OFF, 8, dice.below(64));
        set(BUF_GROUP, 2, dice.below(FuzzedRing.GROUPS + 1));
      }
      case IORING_OP_REMOVE_BUFFERS -> {
        head(opcode, 1 + dice.below(dice.oneIn(4) ? 65536 : 8));
        set(BUF_GROUP, 2, dice.below(FuzzedRing.GROUPS + 1));
      }
      case IORING_OP_MSG_RING -> {
        head(opcode, world.ringFd(dice));
        span(dice.oneIn(4) ? 1 : 0, dice.oneIn(4) ? 0 : dice.below(100));
        set(OFF, 8, recent);
        set(OP_FLAGS, 4, dice.oneIn(2) ? 0 : dice.below(4));
        if (dice.oneIn(4)) set(FILE_INDEX, 4, dice.pick(DESCRIPTOR_CHOICES));
        if (dice.oneIn(4)) set(ADDR3, 8, dice.below(8));
      }
      default -> files(opcode);
    }
  }

  private void nop(int opcode) {
    head(opcode, world.fd(dice, world.all));
    if (dice.oneIn(2)) return;
    set(OP_FLAGS, 4, dice.below(64));
    set(LEN, 4, dice.below(256));
    set(BUF_INDEX, 2, dice.below(8));
  }

  private void transfer(int opcode) {
    head(opcode, world.fd(dice, world.streams));
    span(world.structures.buffer(dice), length());
    set(OFF, 8, dice.pick(OFFSETS));
    if (opcode == IORING_OP_READ && dice.oneIn(3)) selectBuffer();
  }

  private void vector(int opcode) {
    head(opcode, world.fd(dice, world.streams));
    span(world.structures.vector(dice), dice.below(5));
    set(OFF, 8, dice.pick(OFFSETS));
    if (opcode == IORING_OP_READV && dice.oneIn(4)) selectBuffer();
  }

  private void fixed(int opcode) {
    head(opcode, world.fd(dice, world.streams));
    span(world.structures.buffer(dice), length());
    set(OFF, 8, dice.pick(OFFSETS));
    set(BUF_INDEX, 2, dice.below(8));
  }

  private void message(int opcode, long addr, int len) {
    head(opcode, world.fd(dice, world.sockets));
    span(addr, len);
    set(OP_FLAGS, 4, dice.pick(MESSAGES));
    boolean receives = opcode == IORING_OP_RECV || opcode == IORING_OP_RECVMSG;
    boolean selects = dice.oneIn(receives ? 2 : 8);
    int how = dice.oneIn(4) ? IORING_RECVSEND_POLL_FIRST : 0;
    if (selects && dice.oneIn(4)) how |= IORING_RECVSEND_BUNDLE;
    if (receives && selects && dice.oneIn(2)) {
      how |= IORING_RECV_MULTISHOT;
      set(LEN, 4, 0);
    }
    set(IOPRIO, 2, how);
    if (selects) selectBuffer();
    if (dice.oneIn(8)) set(OPTLEN, 4, dice.below(100));
    if (opcode == IORING_OP_SEND && dice.oneIn(8)) {
      set(OFF, 8, world.structures.name(dice));
      set(ADDR_LEN, 2, 16);
    }
  }

  private void command(int opcode) {
    if (dice.oneIn(6)) {
      socketCommand(opcode);
      return;
    }
    head(opcode, world.fd(dice, world.devices));
    boolean trigger = dice.oneIn(4);
    set(CMD_OP, 4, trigger ? REF_TRIGGER : dice.oneIn(8) ? dice.below(6) : REF_ARM);
    boolean hasEvents = trigger || dice.oneIn(4);
    span(world.structures.events(dice), hasEvents ? dice.below(9) * REF_EVENT_SIZE : 0);
    if (dice.oneIn(32)) set(LEN, 4, REF_LIST_MAX);
    if (trigger) {
      set(CMD + REF_TRIGGER_VIA, 1, dice.below(3));
      set(CMD + REF_TRIGGER_REPEAT, 4, dice.below(4));
      set(CMD + REF_TRIGGER_PERIOD, 4, dice.below(20));
      return;
    }
    set(CMD + REF_ARM_COOKIE, 2, dice.octet());
    set(CMD + REF_ARM_QUEUE, 1, dice.oneIn(3) ? REF_BOTH : dice.below(2));
    set(CMD + REF_ARM_FLAGS, 4, dice.oneIn(2) ? REF_A_CANCELABLE : dice.below(16));
    set(CMD + REF_ARM_RESULT, 4, dice.below(8));
    if (dice.oneIn(8)) return;
    set(URING_CMD_FLAGS, 4, IORING_URING_CMD_MULTISHOT);
    selectBuffer();
  }

  private void socketCommand(int opcode) {
    head(opcode, world.fd(dice, world.sockets));
    set(CMD_OP, 4, dice.below(7));
    set(LEVEL, 4, Socket.SOL_SOCKET);
    set(OPTNAME, 4, dice.oneIn(3) ? dice.below(64) : Socket.SO_TIMESTAMPING);
    set(OPTLEN, 4, dice.oneIn(4) ? dice.below(32) : 4);
    set(OPTVAL, 8, world.structures.buffer(dice));
  }

  private void files(int opcode) {
    switch (opcode) {
      case IORING_OP_ACCEPT -> {
        head(opcode, world.fd(dice, world.listeners));
        set(IOPRIO, 2, dice.oneIn(2) ? IORING_ACCEPT_MULTISHOT : dice.below(8));
        set(FILE_INDEX, 4, dice.pick(DESCRIPTOR_CHOICES));
      }
      case IORING_OP_CONNECT, IORING_OP_BIND -> {
        head(opcode, world.fd(dice, world.sockets));
        set(ADDR, 8, world.structures.name(dice));
        set(OFF, 8, 16);
      }
      case IORING_OP_LISTEN -> {
        head(opcode, world.fd(dice, world.sockets));
        set(LEN, 4, dice.below(8));
      }
      case IORING_OP_SHUTDOWN -> {
        head(opcode, world.fd(dice, world.sockets));
        set(LEN, 4, dice.below(4));
      }
      case IORING_OP_SOCKET -> {
        head(opcode, dice.pick(DOMAINS));
        set(OFF, 8, dice.pick(TYPES) | (dice.oneIn(4) ? Socket.SOCK_NONBLOCK : 0));
        set(FILE_INDEX, 4, dice.pick(DESCRIPTOR_CHOICES));
      }
      case IORING_OP_OPENAT -> {
        head(opcode, dice.oneIn(8) ? world.fd(dice, world.others) : Fcntl.AT_FDCWD);
        span(world.structures.path(dice), 0644);
        set(OP_FLAGS, 4, dice.pick(OPENINGS));
        set(FILE_INDEX, 4, dice.pick(DESCRIPTOR_CHOICES));
      }
      case IORING_OP_STATX -> {
        head(opcode, dice.oneIn(8) ? world.fd(dice, world.others) : Fcntl.AT_FDCWD);
        span(world.structures.path(dice), 0xfff);
        set(OFF, 8, world.structures.buffer(dice));
        set(OP_FLAGS, 4, dice.oneIn(4) ? Fcntl.AT_EMPTY_PATH : 0);
      }
      case IORING_OP_CLOSE -> {
        boolean slot = dice.oneIn(2);
        head(opcode, slot ? 0 : dice.oneIn(16) ? dice.pick(world.all) : 20 + dice.below(64));
        if (slot) set(FILE_INDEX, 4, 1 + dice.below(8));
      }
      case IORING_OP_FILES_UPDATE -> {
        head(opcode, 0);
        span(world.structures.base + world.structures.room(dice), 1 + dice.below(4));
        set(OFF, 8, dice.oneIn(4) ? -1 : dice.below(8));
      }
      default -> { // FSYNC, FALLOCATE, FTRUNCATE
        head(opcode, world.fd(dice, world.others));
        if (opcode == IORING_OP_FALLOCATE) set(ADDR, 8, length());
        if (opcode != IORING_OP_FSYNC) set(OFF, 8, length());
      }
    }
  }
}
