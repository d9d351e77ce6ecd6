namespace Feeds.Commands.Bench;

/// <summary>What a benchmark measured.</summary>
/// <param name="Name">Which benchmark: <c>decode</c> or <c>frame</c>.</param>
/// <param name="File">The file's name without its folder.</param>
/// <param name="Messages">Messages of one round.</param>
/// <param name="BytesOfInput">Bytes of all messages of one round.</param>
/// <param name="Rounds">Measured rounds.</param>
/// <param name="NsPerMessage">Median over the rounds.</param>
/// <param name="NsPerMessageMin">The fastest round.</param>
/// <param name="NsPerMessageMax">The slowest round.</param>
/// <param name="BytesPerMessage">Bytes allocated per message, rounded to a whole byte.</param>
/// <param name="AllocatedBytes">
/// All bytes allocated in the round that allocated least: closed bars and rows are new objects.
/// </param>
/// <param name="Taken">Messages of one round that gave an event, a delta or a sign of life.</param>
/// <param name="Fallbacks">Messages of one round that the scanner left to the general reader.</param>
internal sealed record BenchResult(
    string Name,
    string File,
    int Messages,
    long BytesOfInput,
    int Rounds,
    double NsPerMessage,
    double NsPerMessageMin,
    double NsPerMessageMax,
    long BytesPerMessage,
    long AllocatedBytes,
    long Taken,
    long Fallbacks);
