package dev.ringshot.conformance.watch;

import java.lang.foreign.MemorySegment;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Which memory a decorator may look at: what the kernel beneath it mapped and has not unmapped.
final class AddressBook {
  private final TreeMap<Long, MemorySegment> byAddress = new TreeMap<>();

  void add(MemorySegment mapping) {
    byAddress.put(mapping.address(), mapping);
  }

  void remove(MemorySegment mapping) {
    byAddress.remove(mapping.address());
  }

  /// The `length` bytes at `address`, or null if they are not in one mapping.
  @Nullable MemorySegment find(long address, long length) {
    Map.Entry<Long, MemorySegment> entry = byAddress.floorEntry(address);
    if (entry == null) return null;
    long offset = address - entry.getKey();
    MemorySegment mapping = entry.getValue();
    if (offset > mapping.byteSize() - length) return null;
    return mapping.asSlice(offset, length);
  }
}
