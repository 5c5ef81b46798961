package dev.ringshot.ublk;

/// What a queue has done. Written by its thread alone; others may read numbers that are a little
/// old.
public final class QueueStatistics {
  private final long[] requests = new long[BlockOp.COUNT];
  private final long[] bytes = new long[BlockOp.COUNT];
  private final LatencyHistogram latency = new LatencyHistogram();
  private long errors;
  private long misbehaved;
  private long refused;
  private long fetchCommands;
  private long fetchCompletions;
  private long commitCommands;
  private long fetchingCommits;
  private long tagsFetched;
  private long tagsCommitted;
  private long rejected;
  private long abandoned;

  QueueStatistics() {}

  // ---- Requests

  /// Requests that have ended.
  public long requests(BlockOp op) {
    return requests[op.index()];
  }

  /// Requests that have ended, of all kinds.
  public long requests() {
    long sum = 0;
    for (long count : requests) sum += count;
    return sum;
  }

  /// Bytes that requests have read, written, discarded or zeroed.
  public long bytes(BlockOp op) {
    return bytes[op.index()];
  }

  /// Requests that ended with an error.
  public long errors() {
    return errors;
  }

  /// From the arrival of a request until its result was known; empty without a clock, see
  /// [ServerOptions#nanoTime].
  public LatencyHistogram latency() {
    return latency;
  }

  // ---- Targets that are wrong

  /// Requests that were failed because the target threw or answered what cannot be.
  public long misbehaved() {
    return misbehaved;
  }

  /// Completions of requests that were over already.
  public long refused() {
    return refused;
  }

  /// Requests that were failed because the target did not complete them before a stop.
  public long abandoned() {
    return abandoned;
  }

  // ---- Commands

  /// Commands that fetch which were submitted: in batches these serve many tags.
  public long fetchCommands() {
    return fetchCommands;
  }

  /// Completions that brought tags.
  public long fetchCompletions() {
    return fetchCompletions;
  }

  /// Commands that commit results; per tag these fetch as well.
  public long commitCommands() {
    return commitCommands;
  }

  /// Tags that came.
  public long tagsFetched() {
    return tagsFetched;
  }

  /// Tags that went back.
  public long tagsCommitted() {
    return tagsCommitted;
  }

  /// Tags that the driver did not take back: it had ended them itself.
  public long rejected() {
    return rejected;
  }

  /// Completions that brought tags for each submitted command that can have them, a commit that
  /// fetches included; 0 before the first. Per tag that is at most 1, in batches there is no limit.
  public double completionsPerFetch() {
    long commands = fetchCommands + fetchingCommits;
    return commands == 0 ? 0 : (double) fetchCompletions / commands;
  }

  /// Tags for each completion of a fetch command; 0 before the first.
  public double tagsPerCompletion() {
    return fetchCompletions == 0 ? 0 : (double) tagsFetched / fetchCompletions;
  }

  /// Requests for each command that was submitted, of either kind; 0 before the first.
  public double requestsPerCommand() {
    long commands = fetchCommands + commitCommands;
    return commands == 0 ? 0 : (double) tagsFetched / commands;
  }

  // ---- By the queue

  void ended(BlockOp op, int length, int result) {
    requests[op.index()]++;
    if (result < 0) errors++;
    else bytes[op.index()] += op.movesData() ? result : length;
  }

  void misbehaves() {
    misbehaved++;
  }

  void refused(long total) {
    refused = total;
  }

  void abandons() {
    abandoned++;
  }

  void fetches(long commands) {
    fetchCommands = commands;
  }

  void fetched(int tags) {
    fetchCompletions++;
    tagsFetched += tags;
  }

  void commits() {
    commitCommands++;
  }

  void commitsAndFetches() {
    commitCommands++;
    fetchingCommits++;
  }

  void committed(int tags) {
    tagsCommitted += tags;
  }

  void rejects() {
    rejected++;
  }
}
