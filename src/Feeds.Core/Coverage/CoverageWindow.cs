namespace Feeds.Core.Coverage;

/// <summary>How much of a window was observed.</summary>
/// <param name="Window">Its name, such as <c>24h</c>.</param>
/// <param name="WindowMs">Its length, ms.</param>
/// <param name="CoveredMs">The observed part, ms.</param>
public readonly record struct CoverageWindow(string Window, long WindowMs, long CoveredMs)
{
    /// <summary>The observed share, 0…1.</summary>
    public double Share => CoveredMs / (double)WindowMs;
}
