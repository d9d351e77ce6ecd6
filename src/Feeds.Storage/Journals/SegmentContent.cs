using Feeds.Core.Market;

namespace Feeds.Storage.Journals;

/// <summary>A segment and the symbols that it holds events of.</summary>
internal sealed record SegmentContent(SegmentName Name, IReadOnlySet<Symbol> Symbols);
