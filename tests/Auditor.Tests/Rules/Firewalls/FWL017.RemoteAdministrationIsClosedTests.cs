using Auditor.Model;
using Auditor.Rules.Firewalls;
using static Auditor.Tests.Rules.Firewalls.FirewallScene;
using static Auditor.Tests.Rules.Scene;

namespace Auditor.Tests.Rules.Firewalls;

public sealed class RemoteAdministrationIsClosedTests() : OpenToInternetTest<RemoteAdministrationIsClosed>("22", "tcp:22")
{
    [Fact]
    public void Passes_ForOtherPorts_AndLeavesOpenEverythingToFWL020()
    {
        Passes(TheNetwork, TheConnector, On([new PortInterval(12345, 12345)]));
        Passes(TheNetwork, TheConnector, On([]));
    }
}
