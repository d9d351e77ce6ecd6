namespace Feeds.Storage.Schema;

/// <summary>What the schema step found and did.</summary>
/// <param name="Identity">Made with the schema and never again: tells one referee from another.</param>
/// <param name="Major">Major version of the schema.</param>
/// <param name="Minor">Minor version: how many steps it has had.</param>
/// <param name="StepsRun">How many of them this call ran; 0 when there was nothing to do.</param>
/// <param name="ColumnsAdded">Feature columns that this call added.</param>
/// <param name="Server">The server's version, such as <c>15.6</c>.</param>
/// <param name="Timescale">What there is of TimescaleDB.</param>
public sealed record SchemaReport(
    Guid Identity, int Major, int Minor, int StepsRun, int ColumnsAdded, string Server, TimescaleState Timescale)
{
    /// <summary>What is left out and why, one sentence.</summary>
    public string LeftOut => Timescale switch
    {
        TimescaleState.Absent => "TimescaleDB is absent: rows lie in plain partitions by day, uncompressed",
        TimescaleState.Apache =>
            "TimescaleDB has the Apache licence, without compression: rows lie in plain partitions by day, uncompressed",
        _ => "TimescaleDB's compression is not used: rows lie in plain partitions by day",
    };
}
