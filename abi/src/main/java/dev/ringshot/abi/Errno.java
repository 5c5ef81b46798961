package dev.ringshot.abi;

/// Error numbers of Linux (errno(3)), positive, with the values of `<asm-generic/errno.h>`: those
/// of x86-64 and aarch64 alike.
public final class Errno {
  /// Not permitted.
  public static final int EPERM = 1;

  /// No such file, request or object.
  public static final int ENOENT = 2;

  /// No such process.
  public static final int ESRCH = 3;

  /// Interrupted by a signal.
  public static final int EINTR = 4;

  /// Input/output error.
  public static final int EIO = 5;

  /// No such device or address.
  public static final int ENXIO = 6;

  /// Too many or too long arguments.
  public static final int E2BIG = 7;

  /// Not an executable format.
  public static final int ENOEXEC = 8;

  /// Not an open file descriptor.
  public static final int EBADF = 9;

  /// No child process.
  public static final int ECHILD = 10;

  /// Would block, try again.
  public static final int EAGAIN = 11;

  /// Out of memory, or over a limit of memory.
  public static final int ENOMEM = 12;

  /// Access denied.
  public static final int EACCES = 13;

  /// Bad address.
  public static final int EFAULT = 14;

  /// Not a block device.
  public static final int ENOTBLK = 15;

  /// Busy.
  public static final int EBUSY = 16;

  /// Exists already.
  public static final int EEXIST = 17;

  /// Crosses file systems.
  public static final int EXDEV = 18;

  /// No such device.
  public static final int ENODEV = 19;

  /// Not a directory.
  public static final int ENOTDIR = 20;

  /// Is a directory.
  public static final int EISDIR = 21;

  /// Invalid argument.
  public static final int EINVAL = 22;

  /// Too many open files in the system or table.
  public static final int ENFILE = 23;

  /// Too many open files in the process.
  public static final int EMFILE = 24;

  /// Command unknown to this file.
  public static final int ENOTTY = 25;

  /// Program file is in use.
  public static final int ETXTBSY = 26;

  /// File too large.
  public static final int EFBIG = 27;

  /// No space left on the device.
  public static final int ENOSPC = 28;

  /// Cannot seek.
  public static final int ESPIPE = 29;

  /// Read-only file system.
  public static final int EROFS = 30;

  /// Too many links.
  public static final int EMLINK = 31;

  /// Nobody reads the other end.
  public static final int EPIPE = 32;

  /// Argument outside the domain.
  public static final int EDOM = 33;

  /// Result out of range.
  public static final int ERANGE = 34;

  /// Would deadlock.
  public static final int EDEADLK = 35;

  /// Name too long.
  public static final int ENAMETOOLONG = 36;

  /// No locks left.
  public static final int ENOLCK = 37;

  /// System call not in this kernel.
  public static final int ENOSYS = 38;

  /// Directory not empty.
  public static final int ENOTEMPTY = 39;

  /// Too many symbolic links.
  public static final int ELOOP = 40;

  /// No message of this type.
  public static final int ENOMSG = 42;

  /// Identifier removed.
  public static final int EIDRM = 43;

  /// Channel number out of range.
  public static final int ECHRNG = 44;

  /// Level 2 not synchronized.
  public static final int EL2NSYNC = 45;

  /// Level 3 halted.
  public static final int EL3HLT = 46;

  /// Level 3 reset.
  public static final int EL3RST = 47;

  /// Link number out of range.
  public static final int ELNRNG = 48;

  /// Protocol driver not attached.
  public static final int EUNATCH = 49;

  /// No such structure.
  public static final int ENOCSI = 50;

  /// Level 2 halted.
  public static final int EL2HLT = 51;

  /// Invalid exchange.
  public static final int EBADE = 52;

  /// Invalid request descriptor; of a ring: completions were dropped.
  public static final int EBADR = 53;

  /// Exchange full.
  public static final int EXFULL = 54;

  /// No anode.
  public static final int ENOANO = 55;

  /// Invalid request code.
  public static final int EBADRQC = 56;

  /// Invalid slot.
  public static final int EBADSLT = 57;

  /// Bad font file.
  public static final int EBFONT = 59;

  /// Not a stream.
  public static final int ENOSTR = 60;

  /// No data.
  public static final int ENODATA = 61;

  /// Timer expired.
  public static final int ETIME = 62;

  /// No stream resources.
  public static final int ENOSR = 63;

  /// Not on a network.
  public static final int ENONET = 64;

  /// Package not installed.
  public static final int ENOPKG = 65;

  /// Object is remote.
  public static final int EREMOTE = 66;

  /// Link severed.
  public static final int ENOLINK = 67;

  /// Advertise error.
  public static final int EADV = 68;

  /// Mount error.
  public static final int ESRMNT = 69;

  /// Communication failed while sending.
  public static final int ECOMM = 70;

  /// Protocol error.
  public static final int EPROTO = 71;

  /// Multihop attempted.
  public static final int EMULTIHOP = 72;

  /// Directory service error.
  public static final int EDOTDOT = 73;

  /// Bad message.
  public static final int EBADMSG = 74;

  /// Value too large for its type.
  public static final int EOVERFLOW = 75;

  /// Name not unique on the network.
  public static final int ENOTUNIQ = 76;

  /// File in the wrong state.
  public static final int EBADFD = 77;

  /// Remote address changed.
  public static final int EREMCHG = 78;

  /// Shared library not accessible.
  public static final int ELIBACC = 79;

  /// Shared library corrupted.
  public static final int ELIBBAD = 80;

  /// Library section corrupted.
  public static final int ELIBSCN = 81;

  /// Too many shared libraries.
  public static final int ELIBMAX = 82;

  /// Shared library is no program.
  public static final int ELIBEXEC = 83;

  /// Illegal byte sequence.
  public static final int EILSEQ = 84;

  /// System call to be restarted.
  public static final int ERESTART = 85;

  /// Stream pipe error.
  public static final int ESTRPIPE = 86;

  /// Too many users.
  public static final int EUSERS = 87;

  /// Not a socket.
  public static final int ENOTSOCK = 88;

  /// Destination address needed.
  public static final int EDESTADDRREQ = 89;

  /// Message too long.
  public static final int EMSGSIZE = 90;

  /// Protocol does not fit the socket.
  public static final int EPROTOTYPE = 91;

  /// Option unknown to the protocol.
  public static final int ENOPROTOOPT = 92;

  /// Protocol not supported.
  public static final int EPROTONOSUPPORT = 93;

  /// Socket type not supported.
  public static final int ESOCKTNOSUPPORT = 94;

  /// Operation not supported.
  public static final int EOPNOTSUPP = 95;

  /// Protocol family not supported.
  public static final int EPFNOSUPPORT = 96;

  /// Address family not supported.
  public static final int EAFNOSUPPORT = 97;

  /// Address in use.
  public static final int EADDRINUSE = 98;

  /// Address not available.
  public static final int EADDRNOTAVAIL = 99;

  /// Network down.
  public static final int ENETDOWN = 100;

  /// Network unreachable.
  public static final int ENETUNREACH = 101;

  /// Connection dropped by the network.
  public static final int ENETRESET = 102;

  /// Connection aborted.
  public static final int ECONNABORTED = 103;

  /// Connection reset by the peer.
  public static final int ECONNRESET = 104;

  /// No buffer left.
  public static final int ENOBUFS = 105;

  /// Connected already.
  public static final int EISCONN = 106;

  /// Not connected.
  public static final int ENOTCONN = 107;

  /// Shut down already.
  public static final int ESHUTDOWN = 108;

  /// Too many references.
  public static final int ETOOMANYREFS = 109;

  /// Timed out.
  public static final int ETIMEDOUT = 110;

  /// Connection refused.
  public static final int ECONNREFUSED = 111;

  /// Host down.
  public static final int EHOSTDOWN = 112;

  /// Host unreachable.
  public static final int EHOSTUNREACH = 113;

  /// In progress already.
  public static final int EALREADY = 114;

  /// Now in progress.
  public static final int EINPROGRESS = 115;

  /// Stale file handle.
  public static final int ESTALE = 116;

  /// Structure needs cleaning.
  public static final int EUCLEAN = 117;

  /// Not a named type file.
  public static final int ENOTNAM = 118;

  /// No semaphore available.
  public static final int ENAVAIL = 119;

  /// Is a named type file.
  public static final int EISNAM = 120;

  /// Remote input/output error.
  public static final int EREMOTEIO = 121;

  /// Over quota.
  public static final int EDQUOT = 122;

  /// No medium.
  public static final int ENOMEDIUM = 123;

  /// Wrong type of medium.
  public static final int EMEDIUMTYPE = 124;

  /// Canceled.
  public static final int ECANCELED = 125;

  /// Key not available.
  public static final int ENOKEY = 126;

  /// Key expired.
  public static final int EKEYEXPIRED = 127;

  /// Key revoked.
  public static final int EKEYREVOKED = 128;

  /// Key rejected.
  public static final int EKEYREJECTED = 129;

  /// Owner died.
  public static final int EOWNERDEAD = 130;

  /// State not recoverable.
  public static final int ENOTRECOVERABLE = 131;

  /// Switched off by rfkill.
  public static final int ERFKILL = 132;

  /// Memory page has a hardware error.
  public static final int EHWPOISON = 133;

  /// Another name of [#EAGAIN].
  public static final int EWOULDBLOCK = EAGAIN;

  /// Internal to the kernel: a driver returns it for a command that it will complete later. It is
  /// in no UAPI header and is never seen by a program.
  public static final int EIOCBQUEUED = 529;

  private static final int LAST = EHWPOISON;
  private static final String[] NAMES = new String[LAST + 1];
  private static final String[] TEXTS = new String[LAST + 1];

  static {
    for (String line : ErrnoText.LINES.split("\n", -1)) {
      if (line.isEmpty()) continue;
      String[] words = line.split(" ", 3);
      int errno = Integer.parseInt(words[0]);
      NAMES[errno] = words[1];
      TEXTS[errno] = words[2];
    }
  }

  private Errno() {}

  /// The C name of an error number: `EINVAL`.
  ///
  /// @param errno an error number; the sign does not matter, so a result of the kernel's fits
  /// @return the name, or `errno 4711` for a number that has none
  public static String name(int errno) {
    int number = Math.abs(errno);
    if (number == EIOCBQUEUED) return "EIOCBQUEUED";
    return isKnown(number) ? NAMES[number] : "errno " + number;
  }

  /// What an error number says, in a few English words without a full stop: `invalid argument`.
  ///
  /// @param errno as in [#name]
  public static String describe(int errno) {
    int number = Math.abs(errno);
    if (number == EIOCBQUEUED) return "queued, will complete later";
    return isKnown(number) ? TEXTS[number] : "unknown error";
  }

  private static boolean isKnown(int number) {
    return number > 0 && number <= LAST && NAMES[number] != null;
  }
}
