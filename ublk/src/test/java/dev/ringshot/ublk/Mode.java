package dev.ringshot.ublk;

/// The ways in which requests and their data come.
enum Mode {
  BATCH_COPY(FetchMode.BATCH, DataMode.COPY),
  BATCH_USER_COPY(FetchMode.BATCH, DataMode.USER_COPY),
  TAG_COPY(FetchMode.PER_TAG, DataMode.COPY),
  TAG_USER_COPY(FetchMode.PER_TAG, DataMode.USER_COPY);

  private final FetchMode fetch;
  private final DataMode data;

  Mode(FetchMode fetch, DataMode data) {
    this.fetch = fetch;
    this.data = data;
  }

  ServerOptions of(ServerOptions options) {
    return options.withFetch(fetch).withData(data);
  }
}
