using Feeds.Core.Market;
using Feeds.Core.Numerics;

namespace Feeds.Core.Symbols;

/// <summary>The bytes of settings in snapshots and in journals.</summary>
public static class SavedSettings
{
    private const byte FeaturesFlag = 1;
    private const byte AwaitsHistoryFlag = 2;

    /// <summary>Writes settings.</summary>
    public static void Save(SymbolSettings settings, StateWriter writer)
    {
        writer.WriteInt32(settings.IntervalMs);
        writer.WriteInt32(settings.DepthLevels);
        writer.WriteInt32(settings.Feeds);
        writer.WriteByte(
            (byte)((settings.Features ? FeaturesFlag : 0) | (settings.AwaitsHistory ? AwaitsHistoryFlag : 0)));
        writer.WriteString(settings.Context.Market?.Text);
        writer.WriteString(settings.Context.Second?.Text);
        writer.WriteInt32(settings.Context.Sector.Count);
        foreach (Symbol member in settings.Context.Sector)
        {
            writer.WriteString(member.Text);
        }
    }

    /// <summary>Reads settings.</summary>
    /// <exception cref="StateFormatException">The bytes end early or do not fit.</exception>
    public static SymbolSettings Load(ref StateReader reader)
    {
        SymbolSettings settings = new(reader.ReadInt32(), reader.ReadInt32(), reader.ReadInt32());
        byte flags = reader.ReadByte();
        if (flags > (FeaturesFlag | AwaitsHistoryFlag))
        {
            throw new StateFormatException($"saved state: {flags} are not the flags of settings");
        }

        settings =
            settings with { Features = (flags & FeaturesFlag) != 0, AwaitsHistory = (flags & AwaitsHistoryFlag) != 0 };
        Symbol? market = ReadSymbol(reader.ReadString());
        Symbol? second = ReadSymbol(reader.ReadString());
        Symbol[] sector = new Symbol[reader.ReadCount(4)];
        for (int i = 0; i < sector.Length; i++)
        {
            sector[i] = ReadSymbol(reader.ReadString())
                ?? throw new StateFormatException("saved state: a sector without a name");
        }

        return market is null && second is null && sector.Length == 0
            ? settings
            : settings with { Context = new ContextSymbols(market, second, sector) };
    }

    private static Symbol? ReadSymbol(string? text) =>
        text is null ? null
        : Symbol.TryParse(text, out Symbol? symbol, out string? error) ? symbol
        : throw new StateFormatException($"saved state: {error}");
}
