package dev.ringshot.conformance.rig;

import dev.ringshot.abi.Errno;
import dev.ringshot.abi.IoUring;
import java.util.ArrayList;
import java.util.List;

/// One CQE, as a value that cases compare.
///
/// @param extra1 first half of a 32-byte CQE's extra bytes; 0 in a CQE of 16
/// @param extra2 the other half
public record Completion(long userData, int res, int flags, long extra1, long extra2) {
  /// A 16-byte CQE without flags.
  public static Completion cqe(long userData, int res) {
    return cqe(userData, res, 0);
  }

  /// A 16-byte CQE.
  public static Completion cqe(long userData, int res, int flags) {
    return new Completion(userData, res, flags, 0, 0);
  }

  /// The flags of a CQE that names the buffer `bid`.
  public static int buffer(int bid) {
    return IoUring.IORING_CQE_F_BUFFER | bid << IoUring.IORING_CQE_BUFFER_SHIFT;
  }

  /// The flags of one of many CQEs, which names the buffer `bid`.
  public static int shot(int bid) {
    return buffer(bid) | IoUring.IORING_CQE_F_MORE;
  }

  /// The same where the buffer has more to come.
  public static int partial(int bid) {
    return shot(bid) | IoUring.IORING_CQE_F_BUF_MORE;
  }

  /// The buffer id of a CQE that has one.
  public int bid() {
    return flags >>> IoUring.IORING_CQE_BUFFER_SHIFT;
  }

  /// Whether more CQEs follow from the same submission.
  public boolean more() {
    return (flags & IoUring.IORING_CQE_F_MORE) != 0;
  }

  @Override
  public String toString() {
    String extra = extra1 == 0 && extra2 == 0 ? "" : " extra=" + extra1 + "," + extra2;
    return "{user_data="
        + userData
        + " res="
        + result(res)
        + " flags="
        + flagText(flags)
        + extra
        + "}";
  }

  /// A value, or `-ENAME`.
  public static String result(int res) {
    return res < 0 ? "-" + Errno.name(-res) : Integer.toString(res);
  }

  /// CQE flags by name, without their prefix.
  public static String flagText(int flags) {
    List<String> names = new ArrayList<>();
    int rest = flags;
    if ((flags & IoUring.IORING_CQE_F_BUFFER) != 0) {
      names.add("BUFFER:" + (flags >>> IoUring.IORING_CQE_BUFFER_SHIFT));
      rest &= 0xffff & ~IoUring.IORING_CQE_F_BUFFER;
    }
    for (Named flag : FLAGS) {
      if ((rest & flag.bit) == 0) continue;
      names.add(flag.name);
      rest &= ~flag.bit;
    }
    if (rest != 0) names.add("0x" + Integer.toHexString(rest));
    return names.isEmpty() ? "0" : String.join("|", names);
  }

  private record Named(int bit, String name) {}

  private static final List<Named> FLAGS =
      List.of(
          new Named(IoUring.IORING_CQE_F_MORE, "MORE"),
          new Named(IoUring.IORING_CQE_F_SOCK_NONEMPTY, "SOCK_NONEMPTY"),
          new Named(IoUring.IORING_CQE_F_NOTIF, "NOTIF"),
          new Named(IoUring.IORING_CQE_F_BUF_MORE, "BUF_MORE"),
          new Named(IoUring.IORING_CQE_F_SKIP, "SKIP"),
          new Named(IoUring.IORING_CQE_F_32, "32"));
}
