package dev.ringshot.nbd;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What options carry. Whatever is malformed is null.
final class OptionData {
  private OptionData() {}

  /// `NBD_OPT_INFO` and `NBD_OPT_GO`: a name and what to say about that export.
  record ExportQuery(String name, List<Integer> requests) {
    static @Nullable ExportQuery parse(ByteBuffer data) {
      String name = countedString(data);
      if (name == null || data.remaining() < Short.BYTES) return null;
      int count = Short.toUnsignedInt(data.getShort());
      if (data.remaining() != count * Short.BYTES) return null;
      List<Integer> requests = new ArrayList<>();
      while (data.hasRemaining()) requests.add(Short.toUnsignedInt(data.getShort()));
      return new ExportQuery(name, requests);
    }

    boolean wants(int info) {
      return requests.contains(info);
    }
  }

  /// `NBD_OPT_LIST_META_CONTEXT` and `NBD_OPT_SET_META_CONTEXT`: a name and queries.
  record MetaContext(String name, List<String> queries) {
    static @Nullable MetaContext parse(ByteBuffer data) {
      String name = countedString(data);
      if (name == null || data.remaining() < Integer.BYTES) return null;
      long count = Integer.toUnsignedLong(data.getInt());
      List<String> queries = new ArrayList<>();
      while (data.hasRemaining() && queries.size() < count) {
        String query = countedString(data);
        if (query == null) return null;
        queries.add(query);
      }
      return data.hasRemaining() || queries.size() != count ? null : new MetaContext(name, queries);
    }
  }

  private static @Nullable String countedString(ByteBuffer data) {
    return data.remaining() < Integer.BYTES ? null : string(data, data.getInt());
  }

  /// Takes a string of so many bytes.
  static @Nullable String string(ByteBuffer data, int length) {
    if (length < 0 || length > Nbd.STRING_MAX || length > data.remaining()) return null;
    ByteBuffer bytes = data.slice(data.position(), length);
    data.position(data.position() + length);
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
    } catch (CharacterCodingException _) {
      return null;
    }
  }

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
