namespace Feeds.Storage.Sinks;

/// <summary>When a row file is put away.</summary>
public enum CsvRotation
{
    /// <summary>Before it would grow beyond a size.</summary>
    Size,

    /// <summary>With the UTC day of the tick.</summary>
    Daily,
}
