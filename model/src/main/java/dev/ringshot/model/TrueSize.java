package dev.ringshot.model;

/// What a message takes of a socket's buffer: not its bytes but the kernel's memory for them
/// (`skb->truesize`), as on x86-64. It decides how many fit.
final class TrueSize {
  /// The most bytes of a stream in one piece.
  static final int STREAM_MAX = 3776 + 32768;

  private static final int PAGE = 4096;
  private static final int STRUCT = 256; // struct sk_buff
  private static final int TAIL = 320; // struct skb_shared_info, behind the head
  private static final int HEAD_MIN = 512;
  private static final int PACKET_HEAD_MAX = 4 * PAGE - TAIL;
  private static final int STREAM_HEAD_MAX = PAGE - TAIL;
  private static final int PAGES_MAX = 17;

  private static final int SMALL_HEAD = 576; // skb_small_head_cache
  private static final int HEADERS = 59; // IP, UDP, and room for a device's

  private TrueSize() {}

  /// Of a message of `length` bytes (`unix_dgram_sendmsg`).
  static int ofMessage(int length) {
    return of(length, Math.min(pages(length - PACKET_HEAD_MAX), PAGES_MAX * PAGE));
  }

  /// Of a piece of a stream (`unix_stream_sendmsg`).
  static int ofStream(int length) {
    return of(length, pages(length - STREAM_HEAD_MAX));
  }

  /// Of a UDP datagram, where it has arrived (`__ip_append_data`).
  static int ofDatagram(int length) {
    if (length + HEADERS >= PACKET_HEAD_MAX) return STRUCT + SMALL_HEAD + length;
    int head = (length + HEADERS + 63 & -64) + TAIL;
    return STRUCT + (head <= SMALL_HEAD ? SMALL_HEAD : Integer.highestOneBit(head - 1) << 1);
  }

  private static int of(int length, int inPages) {
    int data = Math.min(inPages, length);
    int head = (length - data + 63 & -64) + TAIL;
    return STRUCT + Math.max(HEAD_MIN, Integer.highestOneBit(head - 1) << 1) + pages(data);
  }

  private static int pages(int bytes) {
    return bytes <= 0 ? 0 : bytes + PAGE - 1 & -PAGE;
  }
}
