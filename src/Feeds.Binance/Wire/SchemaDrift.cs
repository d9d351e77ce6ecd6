using System.Text;

namespace Feeds.Binance.Wire;

/// <summary>
/// Counts by name what is new or gone in the exchange's messages. One table may serve all decoders of a node. Bounded:
/// beyond
/// <see cref="MaxNames"/> only the sum goes on, since the names come from outside.
/// </summary>
public sealed class SchemaDrift
{
    /// <summary>The most names that are told apart.</summary>
    public const int MaxNames = 64;

    private const int MaxNameBytes = 48;

    private readonly Lock _lock = new();
    private readonly List<Entry> _entries = [];
    private readonly IDriftObserver? _observer;

    /// <summary>Makes an empty table; the observer is told of each new name, on the thread of the decoder.</summary>
    public SchemaDrift(IDriftObserver? observer = null) => _observer = observer;

    /// <summary>Sightings whose names did not fit into the table.</summary>
    public long Overflow { get; private set; }

    /// <summary>Returns what was seen so far: kind, name, how often.</summary>
    public IReadOnlyList<(DriftKind Kind, string Name, long Count)> Snapshot()
    {
        lock (_lock)
        {
            return [.. _entries.Select(entry => (entry.Kind, entry.Name, entry.Count))];
        }
    }

    /// <summary>Counts one sighting; only the first of a name makes a string.</summary>
    internal void Count(DriftKind kind, string prefix, ReadOnlySpan<byte> utf8Name)
    {
        utf8Name = utf8Name[..Math.Min(utf8Name.Length, MaxNameBytes)];
        Entry entry;
        lock (_lock)
        {
            foreach (Entry known in _entries)
            {
                if (known.Kind == kind && known.Prefix == prefix && utf8Name.SequenceEqual(known.Utf8Name))
                {
                    known.Count++;
                    return;
                }
            }

            if (_entries.Count == MaxNames)
            {
                Overflow++;
                return;
            }

            entry = new Entry(kind, prefix, utf8Name.ToArray());
            _entries.Add(entry);
        }

        Report(entry);
    }

    private void Report(Entry entry)
    {
        switch (entry.Kind)
        {
            case DriftKind.UnknownField:
                _observer?.UnknownField(entry.Name);
                break;
            case DriftKind.UnknownEvent:
                _observer?.UnknownEvent(entry.Name);
                break;
            default:
                _observer?.VanishedField(entry.Name);
                break;
        }
    }

    private sealed class Entry(DriftKind kind, string prefix, byte[] utf8Name)
    {
        public DriftKind Kind { get; } = kind;

        public string Prefix { get; } = prefix;

        public byte[] Utf8Name { get; } = utf8Name;

        public string Name { get; } = prefix.Length == 0 ? Printable(utf8Name) : $"{prefix}.{Printable(utf8Name)}";

        public long Count { get; set; } = 1;

        // The name goes into logs and metrics, so nothing in it may act there.
        private static string Printable(byte[] utf8) =>
            string.Create(Encoding.UTF8.GetCharCount(utf8), utf8, static (span, bytes) =>
            {
                Encoding.UTF8.GetChars(bytes, span);
                for (int i = 0; i < span.Length; i++)
                {
                    span[i] = char.IsLetterOrDigit(span[i]) || span[i] is '_' or '-' or '.' ? span[i] : '?';
                }
            });
    }
}
