using Feeds.Core.Numerics;

namespace Feeds.Core.Symbols;

// What a snapshot holds: one section per part, each with a version that rises whenever the part's meaning or bytes
// change.
public sealed partial class SymbolState
{
    /// <summary>Writes the state as sections.</summary>
    public void Save(StateWriter writer)
    {
        writer.WriteSection("symbol", 1, new Frame(this));
        foreach ((string name, int version, ISavedState part) in Parts())
        {
            writer.WriteSection(name, version, part);
        }
    }

    /// <summary>
    /// True when the sections hold all of this symbol's state in versions that are known: it is then the saved one, to
    /// the bit. After false, or an exception, this state is undefined and must be dropped.
    /// </summary>
    /// <exception cref="StateFormatException">The bytes end early or do not fit.</exception>
    public bool TryLoad(StateReader reader) => Overlay(reader) == 0;

    /// <summary>
    /// Loads the sections whose versions are known over this state, which the events up to the same sequence were
    /// applied to: each part is then the saved one, to the bit, but those of another version, which stay as the events
    /// made them. Returns how many these are; null, and this state must be dropped, when the sections are of another
    /// symbol or of an unknown frame.
    /// </summary>
    /// <exception cref="StateFormatException">
    /// The bytes end early or do not fit; this state must be dropped.
    /// </exception>
    public int? Overlay(StateReader reader)
    {
        Frame frame = new(this);
        if (!reader.TryLoadSection("symbol", 1, frame) || frame.IsOfAnother)
        {
            return null;
        }

        int stale = 0;
        foreach ((string name, int version, ISavedState part) in Parts())
        {
            bool isLoaded = reader.TryLoadSection(name, version, part);
            stale += !isLoaded ? 1 : part is GoldenState golden ? golden.MissingSections : 0;
        }

        return stale;
    }

    /// <summary>
    /// Goes on at a later sequence: the events before it were lost to damage of the journal. What they would have
    /// changed stays as it was.
    /// </summary>
    public void SkipTo(long sequence)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(sequence, Sequence);
        Sequence = sequence;
    }

    private IEnumerable<(string Name, int Version, ISavedState Part)> Parts()
    {
        yield return ("book", 2, _book);
        yield return ("quote", 2, _quote);
        yield return ("trades", 1, _trades);
        yield return ("liquidations", 1, _liquidations);
        yield return ("mark", 2, _mark);
        yield return ("premium", 2, _premium);
        yield return ("bars", 1, _bars);
        yield return ("slow", 1, _slow);
        yield return ("latency", 1, _latency);
        yield return ("errors", 1, _errors);
        if (_golden is not null)
        {
            yield return ("golden", 2, _golden);
        }
    }

    // The fields of the state itself, which no part holds.
    private sealed class Frame(SymbolState state) : ISavedState
    {
        public bool IsOfAnother { get; private set; }

        public void Save(StateWriter writer)
        {
            writer.WriteString(state.Symbol.Text);
            writer.WriteInt64(state.Sequence);
            writer.WriteInt64(state.LastReceiveTime);
            writer.WriteInt64(state.LastTickTime);
            writer.WriteInt64(state.LateCount);
            writer.WriteInt64(state.DuplicateCount);
            writer.WriteInt64(state.ConflatedCount);
            writer.WriteDouble(state._clockOffsetMs);
            writer.WriteBoolean(state._liquidationsEverConnected);
            SavedSettings.Save(state._settings, writer);
        }

        public void Load(ref StateReader reader)
        {
            IsOfAnother = !string.Equals(reader.ReadString(), state.Symbol.Text, StringComparison.Ordinal);
            state.Sequence = reader.ReadInt64();
            state.LastReceiveTime = reader.ReadInt64();
            state.LastTickTime = reader.ReadInt64();
            state.LateCount = reader.ReadInt64();
            state.DuplicateCount = reader.ReadInt64();
            state.ConflatedCount = reader.ReadInt64();
            state._clockOffsetMs = reader.ReadDouble();
            state._liquidationsEverConnected = reader.ReadBoolean();
            state.Use(SavedSettings.Load(ref reader));
        }
    }
}
