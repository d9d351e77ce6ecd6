namespace Feeds.Storage.Schema;

/// <summary>What a database has of TimescaleDB.</summary>
public enum TimescaleState
{
    /// <summary>The extension is not created in this database.</summary>
    Absent,

    /// <summary>It is there under the Apache licence: no compression, no retention policies.</summary>
    Apache,

    /// <summary>It is there under the community licence, with everything.</summary>
    Community,
}
