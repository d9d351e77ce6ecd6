namespace Feeds.Core.Catalogue;

/// <summary>What is known of a feature but its value: one entry of the catalogue.</summary>
public sealed record FeatureDefinition
{
    /// <summary>The column's name.</summary>
    public required string Name { get; init; }

    /// <summary>The set it belongs to: <c>golden</c> or <c>wide</c>.</summary>
    public required string Set { get; init; }

    /// <summary>The group within the set, such as <c>momentum</c>.</summary>
    public required string Group { get; init; }

    /// <summary>
    /// What it looks back over, such as <c>14 x 1h</c> or <c>5m</c>; <c>now</c> for the newest value alone.
    /// </summary>
    public required string Window { get; init; }

    /// <summary>The unit of its values, such as <c>fraction</c>, <c>bps</c>, <c>USD</c>.</summary>
    public required string Unit { get; init; }

    /// <summary>What its magnitude depends on.</summary>
    public required FeatureScale Scale { get; init; }

    /// <summary>How it is computed, in words.</summary>
    public required string Formula { get; init; }

    /// <summary>The feed it comes from, such as <c>bars</c>.</summary>
    public required string Source { get; init; }

    /// <summary>The fields of the feed, or the features, that it is made of.</summary>
    public required string Inputs { get; init; }

    /// <summary>
    /// Minutes of input after which it agrees within 1e-6 whatever came before. A live row has NaN until then; one with
    /// a window and a
    /// <see cref="MinimumCoverage"/> has NaN until so much of it was observed. 0 when it has no past.
    /// </summary>
    public required int WarmUpMinutes { get; init; }

    /// <summary>The length in minutes of the bars that it is made of; 0 when it is made of something else.</summary>
    public int BarMinutes { get; init; }

    /// <summary>
    /// The column that says how much of its window was observed, such as <c>cov_trades_1m</c>; null when none does.
    /// </summary>
    public string? CoverageColumn { get; init; }

    /// <summary>The observed share of its window below which it is NaN, 0…1; 0 without a coverage column.</summary>
    public double MinimumCoverage { get; init; }

    /// <summary>When it is NaN, in words.</summary>
    public required string NullRule { get; init; }
}
