namespace Feeds.Tests.Tidy;

/// <summary>A place that may break a rule.</summary>
/// <param name="Place">A file, or a folder that ends in '/'.</param>
/// <param name="Rule">The rule.</param>
/// <param name="Reason">Why it may; a sentence.</param>
internal sealed record TidyException(string Place, string Rule, string Reason)
{
    public bool Covers(Finding finding) => Rule == finding.Rule && (Place == finding.Path ||
        (Place.EndsWith('/') && finding.Path.StartsWith(Place, StringComparison.Ordinal)));
}
