package dev.ringshot.model;

import static dev.ringshot.abi.Errno.ENOBUFS;
import static dev.ringshot.abi.Errno.ENOENT;

import org.jspecify.annotations.Nullable;

/// A ring's buffer groups by id, 0 to 65535: an array of pages, as most rings have few.
final class BufferGroups {
  private static final int PAGE = 256;

  private final @Nullable Page[] pages = new @Nullable Page[(1 << 16) / PAGE];

  private static final class Page {
    final @Nullable BufferGroup[] groups = new @Nullable BufferGroup[PAGE];
  }

  @Nullable BufferGroup get(int id) {
    var page = pages[id / PAGE];
    return page == null ? null : page.groups[id % PAGE];
  }

  void put(BufferGroup group) {
    var page = pages[group.id / PAGE];
    if (page == null) {
      page = new Page();
      pages[group.id / PAGE] = page;
    }
    page.groups[group.id % PAGE] = group;
  }

  void remove(int id) {
    var page = pages[id / PAGE];
    if (page != null) page.groups[id % PAGE] = null;
  }

  /// The ring goes away.
  void clear() {
    for (var page : pages) {
      if (page == null) continue;
      for (var group : page.groups)
        if (group instanceof ListedBuffers list) {
          var _ = list.remove(list.size());
        }
    }
  }

  /// Picks buffers of group `id` for a bundle (`io_buffers_peek`); of a list, one.
  ///
  /// @return 0, `-ENOENT` if there is no such group, or `-ENOBUFS` if it has no buffer
  int selectBundle(int id, Selection selection, Exchange exchange, int bytesMax) {
    var group = get(id);
    if (group == null) return -ENOENT;
    if (group instanceof RingBuffers ring)
      return ring.selectBundle(selection, exchange, bytesMax) ? 0 : -ENOBUFS;
    exchange.isCut = false;
    exchange.usesLast = false;
    if (!group.select(selection, bytesMax)) return -ENOBUFS;
    exchange.usesLast = group instanceof ListedBuffers list && list.size() == 0;
    exchange.message.range(selection.address(), selection.length());
    return 0;
  }

  /// Picks a buffer of group `id` (`io_buffer_select`).
  ///
  /// @return whether there was one
  boolean select(int id, Selection selection, int lengthMax) {
    var group = get(id);
    return group != null && group.select(selection, lengthMax);
  }
}
