namespace Feeds.Binance.Wire;

/// <summary>The fields of one type of message: which are known, and which used to be there always.</summary>
internal sealed class MessageShape
{
    public static readonly MessageShape Envelope = new("envelope", "stream data", "stream data");
    public static readonly MessageShape Depth = new("depthUpdate", "e E T s ps U u pu b a st", "E T U u pu");
    public static readonly MessageShape Trade = new("aggTrade", "e E a s ps p q nq f l T m st", "E T f l");
    public static readonly MessageShape Quote = new("bookTicker", "e u E T s ps b B a A st", "E T");
    public static readonly MessageShape Mark = new("markPriceUpdate", "e E s ps p ap i P r T st", "r T P");
    public static readonly MessageShape Bar = new("kline", "e E s ps k st", "E");
    public static readonly MessageShape BarBody = new("kline.k", "t T s i f L o c h l v n x q V Q B", "T");
    public static readonly MessageShape Liquidation = new("forceOrder", "e E o ps st", "E");
    public static readonly MessageShape LiquidationBody = new(
        "forceOrder.o", "s ps S o f q p ap X l z T st", "T p l X o f");
    public static readonly MessageShape Contract = new("contractInfo", "e E s ps ct dt ot cs bks st", "ct dt ot");

    private MessageShape(string name, string known, string expected)
    {
        Name = name;
        Known = FieldId.Mask(known);
        Expected = FieldId.Mask(expected);
    }

    public string Name { get; }

    public UInt128 Known { get; }

    public UInt128 Expected { get; }
}
