using Xunit;

// Each of these runs several processes, often with deadlines of the real clock: one at a time.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
