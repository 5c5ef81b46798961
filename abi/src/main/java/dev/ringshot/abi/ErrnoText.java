package dev.ringshot.abi;

/// The table behind [Errno#name] and [Errno#describe]: number, name and text of one error a line.
final class ErrnoText {
  static final String LINES =
      """
      1 EPERM not permitted
      2 ENOENT no such file, request or object
      3 ESRCH no such process
      4 EINTR interrupted by a signal
      5 EIO input/output error
      6 ENXIO no such device or address
      7 E2BIG too many or too long arguments
      8 ENOEXEC not an executable format
      9 EBADF not an open file descriptor
      10 ECHILD no child process
      11 EAGAIN would block, try again
      12 ENOMEM out of memory, or over a limit of memory
      13 EACCES access denied
      14 EFAULT bad address
      15 ENOTBLK not a block device
      16 EBUSY busy
      17 EEXIST exists already
      18 EXDEV crosses file systems
      19 ENODEV no such device
      20 ENOTDIR not a directory
      21 EISDIR is a directory
      22 EINVAL invalid argument
      23 ENFILE too many open files in the system or table
      24 EMFILE too many open files in the process
      25 ENOTTY command unknown to this file
      26 ETXTBSY program file is in use
      27 EFBIG file too large
      28 ENOSPC no space left on the device
      29 ESPIPE cannot seek
      30 EROFS read-only file system
      31 EMLINK too many links
      32 EPIPE nobody reads the other end
      33 EDOM argument outside the domain
      34 ERANGE result out of range
      35 EDEADLK would deadlock
      36 ENAMETOOLONG name too long
      37 ENOLCK no locks left
      38 ENOSYS system call not in this kernel
      39 ENOTEMPTY directory not empty
      40 ELOOP too many symbolic links
      42 ENOMSG no message of this type
      43 EIDRM identifier removed
      44 ECHRNG channel number out of range
      45 EL2NSYNC level 2 not synchronized
      46 EL3HLT level 3 halted
      47 EL3RST level 3 reset
      48 ELNRNG link number out of range
      49 EUNATCH protocol driver not attached
      50 ENOCSI no such structure
      51 EL2HLT level 2 halted
      52 EBADE invalid exchange
      53 EBADR invalid request descriptor; of a ring: completions were dropped
      54 EXFULL exchange full
      55 ENOANO no anode
      56 EBADRQC invalid request code
      57 EBADSLT invalid slot
      59 EBFONT bad font file
      60 ENOSTR not a stream
      61 ENODATA no data
      62 ETIME timer expired
      63 ENOSR no stream resources
      64 ENONET not on a network
      65 ENOPKG package not installed
      66 EREMOTE object is remote
      67 ENOLINK link severed
      68 EADV advertise error
      69 ESRMNT mount error
      70 ECOMM communication failed while sending
      71 EPROTO protocol error
      72 EMULTIHOP multihop attempted
      73 EDOTDOT directory service error
      74 EBADMSG bad message
      75 EOVERFLOW value too large for its type
      76 ENOTUNIQ name not unique on the network
      77 EBADFD file in the wrong state
      78 EREMCHG remote address changed
      79 ELIBACC shared library not accessible
      80 ELIBBAD shared library corrupted
      81 ELIBSCN library section corrupted
      82 ELIBMAX too many shared libraries
      83 ELIBEXEC shared library is no program
      84 EILSEQ illegal byte sequence
      85 ERESTART system call to be restarted
      86 ESTRPIPE stream pipe error
      87 EUSERS too many users
      88 ENOTSOCK not a socket
      89 EDESTADDRREQ destination address needed
      90 EMSGSIZE message too long
      91 EPROTOTYPE protocol does not fit the socket
      92 ENOPROTOOPT option unknown to the protocol
      93 EPROTONOSUPPORT protocol not supported
      94 ESOCKTNOSUPPORT socket type not supported
      95 EOPNOTSUPP operation not supported
      96 EPFNOSUPPORT protocol family not supported
      97 EAFNOSUPPORT address family not supported
      98 EADDRINUSE address in use
      99 EADDRNOTAVAIL address not available
      100 ENETDOWN network down
      101 ENETUNREACH network unreachable
      102 ENETRESET connection dropped by the network
      103 ECONNABORTED connection aborted
      104 ECONNRESET connection reset by the peer
      105 ENOBUFS no buffer left
      106 EISCONN connected already
      107 ENOTCONN not connected
      108 ESHUTDOWN shut down already
      109 ETOOMANYREFS too many references
      110 ETIMEDOUT timed out
      111 ECONNREFUSED connection refused
      112 EHOSTDOWN host down
      113 EHOSTUNREACH host unreachable
      114 EALREADY in progress already
      115 EINPROGRESS now in progress
      116 ESTALE stale file handle
      117 EUCLEAN structure needs cleaning
      118 ENOTNAM not a named type file
      119 ENAVAIL no semaphore available
      120 EISNAM is a named type file
      121 EREMOTEIO remote input/output error
      122 EDQUOT over quota
      123 ENOMEDIUM no medium
      124 EMEDIUMTYPE wrong type of medium
      125 ECANCELED canceled
      126 ENOKEY key not available
      127 EKEYEXPIRED key expired
      128 EKEYREVOKED key revoked
      129 EKEYREJECTED key rejected
      130 EOWNERDEAD owner died
      131 ENOTRECOVERABLE state not recoverable
      132 ERFKILL switched off by rfkill
      133 EHWPOISON memory page has a hardware error
      """;

  private ErrnoText() {}
}
