using Feeds.Core.Market;
using Feeds.Core.Symbols;

namespace Feeds.Engine.Symbols;

/// <summary>Sums over the gauges of symbols. Not safe from several threads.</summary>
internal sealed class SymbolTotals
{
    private readonly long[] _messages = new long[FeedNames.Count];
    private readonly long[] _gaps = new long[FeedNames.Count];
    private readonly long[] _admissions = new long[AdmissionReasons.Count];

    public void Add(SymbolGauges gauges)
    {
        for (int i = 0; i < _messages.Length; i++)
        {
            _messages[i] += gauges.Messages((Feed)i);
            _gaps[i] += gauges.Gaps((Feed)i);
        }

        for (int i = 0; i < _admissions.Length; i++)
        {
            _admissions[i] += gauges.Count((Admission)i);
        }
    }

    public void Add(SymbolTotals other)
    {
        Add(_messages, other._messages);
        Add(_gaps, other._gaps);
        Add(_admissions, other._admissions);
    }

    /// <summary>Events applied, by feed; feeds without any are left out.</summary>
    public IReadOnlyDictionary<string, long> Messages() => ByFeed(_messages);

    /// <summary>Declared gaps, by feed; feeds without any are left out.</summary>
    public IReadOnlyDictionary<string, long> Gaps() => ByFeed(_gaps);

    /// <summary>Messages refused as broken, by reason; reasons without any are left out.</summary>
    public IReadOnlyDictionary<string, long> Rejected() => Enumerable.Range(0, _admissions.Length)
        .Where(i => _admissions[i] > 0 && ((Admission)i).IsRejection())
        .ToDictionary(static i => ((Admission)i).Reason(), i => _admissions[i], StringComparer.Ordinal);

    private static void Add(long[] to, long[] from)
    {
        for (int i = 0; i < to.Length; i++)
        {
            to[i] += from[i];
        }
    }

    private static Dictionary<string, long> ByFeed(long[] counts) => Enumerable.Range(0, counts.Length)
        .Where(i => counts[i] > 0)
        .ToDictionary(static i => ((Feed)i).Name(), i => counts[i], StringComparer.Ordinal);
}
