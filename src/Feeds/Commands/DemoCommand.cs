namespace Feeds.Commands;

internal sealed class DemoCommand : FeedsCommand
{
    public DemoCommand() : base("demo", "x") { }
}
