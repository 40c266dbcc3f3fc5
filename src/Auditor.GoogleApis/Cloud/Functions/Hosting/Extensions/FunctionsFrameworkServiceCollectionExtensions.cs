using System.Reflection;
using Google.Cloud.Functions.Hosting;
using Microsoft.AspNetCore.Hosting;

namespace Microsoft.Extensions.DependencyInjection;

public static class FunctionsFrameworkServiceCollectionExtensions
{
    /// <summary>Serves the configured function of the assembly, or its only one.</summary>
    public static IServiceCollection AddFunctionTarget(this IServiceCollection services, WebHostBuilderContext context, Assembly assembly)
    {
        FunctionTarget.Find(assembly, FunctionsFrameworkOptions.From(context.Configuration).FunctionTarget).AddTo(services);
        return services;
    }

    public static IServiceCollection AddFunctionTarget<TFunction>(this IServiceCollection services) =>
        services.AddFunctionTarget(typeof(TFunction));

    public static IServiceCollection AddFunctionTarget(this IServiceCollection services, Type type)
    {
        new FunctionTarget(type).AddTo(services);
        return services;
    }
}
