namespace Feeds.Engine;

/// <summary>When a row file is put away.</summary>
public enum Rotation
{
    /// <summary>At a size.</summary>
    Size,

    /// <summary>With the UTC day of the tick.</summary>
    Daily,
}
